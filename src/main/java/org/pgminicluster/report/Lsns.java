package org.pgminicluster.report;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** LSNs as numbers of bytes. */
final class Lsns {

    private Lsns() {}

    /** The position, or empty if the text is none. */
    static OptionalLong position(@Nullable String lsn) {
        int slash = lsn == null ? -1 : lsn.indexOf('/');
        if (lsn == null || slash < 1) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(
                    Long.parseLong(lsn.substring(0, slash), 16) << 32 | Long.parseLong(lsn.substring(slash + 1), 16));
        } catch (NumberFormatException e) {
            return OptionalLong.empty();
        }
    }
}
