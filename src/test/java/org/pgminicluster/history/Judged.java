package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What the oracle says of a history, to the word. */
final class Judged {

    private Judged() {}

    static void assertPassed(History history) {
        assertThat(Oracle.judge(history)).hasToString("PASSED");
    }

    /** One invariant is violated, and this is what shows it. */
    static void assertViolated(History history, Invariant invariant, String... evidence) {
        assertViolated(
                history,
                List.of(evidence).stream()
                        .map(what -> new Violation(invariant, what))
                        .toArray(Violation[]::new));
    }

    static void assertViolated(History history, Violation... violations) {
        assertThat(Oracle.judge(history).violations()).containsExactly(violations);
    }

    static void assertInvalid(History history, String reason) {
        assertThat(Oracle.judge(history)).hasToString("INVALID: " + reason);
    }
}
