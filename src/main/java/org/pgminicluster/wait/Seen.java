package org.pgminicluster.wait;

import org.apiguardian.api.API;
import org.pgminicluster.journal.Words;

/** What one look at something that is waited for has shown. */
@API(status = API.Status.MAINTAINED)
public sealed interface Seen {

    /** What was seen, or why it cannot come any more. */
    Words words();

    /** The same in English. */
    default String text() {
        return words().toString();
    }

    /** It is there. */
    record Met(Words words) implements Seen {
        public Met(String text) {
            this(Words.verbatim(text));
        }
    }

    /** Not yet; what was seen instead. */
    record NotYet(Words words) implements Seen {
        public NotYet(String text) {
            this(Words.verbatim(text));
        }
    }

    /** It cannot come any more, and why. */
    record Hopeless(Words words) implements Seen {
        public Hopeless(String text) {
            this(Words.verbatim(text));
        }
    }

    /**
     * It is there, or not yet.
     *
     * @param text what was seen
     */
    static Seen of(boolean enough, String text) {
        return of(enough, Words.verbatim(text));
    }

    /** The same in words that are not the caller's own. */
    static Seen of(boolean enough, Words words) {
        return enough ? new Met(words) : new NotYet(words);
    }

    /** Whether it is there. */
    default boolean isEnough() {
        return this instanceof Met;
    }
}
