package org.pgminicluster.history;

/** An invariant that did not hold, and what shows it. */
public record Violation(Invariant invariant, String evidence) {

    /** Such as {@code I1 (no acknowledged row is lost): ...}. */
    @Override
    public String toString() {
        return invariant + " (" + invariant.claim() + "): " + evidence;
    }
}
