package org.pgminicluster.lab.check;

import java.util.Locale;

/** What is to be said of a point, or of one thing that was seen of it; each is worse than those before it. */
public enum Judgement {
    /** It is as it should be. */
    DONE,
    /** It is as it should be, and there is more to say; of findings only. */
    REMARK,
    /** It cannot be told: a right is missing, or nothing was to be written. */
    UNTOLD,
    /** It is still to be made. */
    NOT_YET,
    /** It was made, and not as it should be. */
    WRONG;

    /** As programs read it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
