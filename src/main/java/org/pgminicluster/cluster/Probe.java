package org.pgminicluster.cluster;

/** What one look at something that is waited for has shown. */
sealed interface Probe {

    /** It is there. */
    record Met(String seen) implements Probe {}

    /** Not yet; what was seen instead. */
    record NotYet(String seen) implements Probe {}

    /** It cannot come any more, and why. */
    record Hopeless(String reason) implements Probe {}

    static Probe of(boolean met, String seen) {
        return met ? new Met(seen) : new NotYet(seen);
    }
}
