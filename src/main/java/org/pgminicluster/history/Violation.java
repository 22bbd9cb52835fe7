package org.pgminicluster.history;

import org.apiguardian.api.API;

/** An invariant that did not hold, and what shows it. */
@API(status = API.Status.EXPERIMENTAL)
public record Violation(Invariant invariant, String evidence) {

    /** Such as {@code I1 (no acknowledged row is lost): ...}. */
    @Override
    public String toString() {
        return invariant + " (" + invariant.claim() + "): " + evidence;
    }
}
