package org.pgminicluster.history;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * What the oracle says of a history.
 *
 * @param result how it ended
 * @param violations what was violated; empty unless it failed
 * @param reason why it is invalid; empty unless it is
 */
@API(status = API.Status.EXPERIMENTAL)
public record Verdict(Result result, List<Violation> violations, String reason) {

    /** How a history ended. */
    public enum Result {
        /** Every invariant held. */
        PASSED,
        /** One did not. */
        FAILED,
        /** It says nothing: it is empty or cut short, or too many of its faults did not happen. */
        INVALID
    }

    public Verdict {
        violations = List.copyOf(violations);
    }

    /** The invariants that did not hold. */
    public Set<Invariant> violated() {
        return violations.stream().map(Violation::invariant).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Whether every invariant held, in a history that says something. */
    public boolean isPassed() {
        return result == Result.PASSED;
    }

    /** Such as {@code FAILED [I1]} and a line for each violation. */
    @Override
    public String toString() {
        return switch (result) {
            case PASSED -> "PASSED";
            case INVALID -> "INVALID: " + reason;
            case FAILED ->
                "FAILED " + violated()
                        + violations.stream().map(it -> "\n    " + it).collect(Collectors.joining());
        };
    }
}
