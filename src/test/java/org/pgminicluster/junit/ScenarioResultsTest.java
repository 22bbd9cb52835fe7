package org.pgminicluster.junit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.ScenarioResult.Outcome;

/** The sentence at the end of a run. */
class ScenarioResultsTest {

    @Test
    void the_summary_counts_outcomes_and_gives_each_reason_once() {
        ScenarioResults results = new ScenarioResults(
                "run",
                List.of(),
                List.of(
                        result("a", Outcome.PASSED, null),
                        result("b", Outcome.PASSED, null),
                        result("c", Outcome.FAILED, "broken"),
                        result("d", Outcome.SKIPPED, "needs PostgreSQL 16"),
                        result("e", Outcome.SKIPPED, "needs PostgreSQL 16"),
                        result("f", Outcome.SKIPPED, "needs a second machine"),
                        result("g", Outcome.ABORTED, "not here")));

        assertThat(results.summary())
                .isEqualTo("7 scenarios: 2 passed, 1 failed,"
                        + " 3 skipped (needs PostgreSQL 16; needs a second machine), 1 aborted (not here)");
    }

    @Test
    void without_reasons_there_are_no_brackets() {
        assertThat(new ScenarioResults("run", List.of(), List.of(result("a", Outcome.PASSED, null))).summary())
                .isEqualTo("1 scenario: 1 passed, 0 failed, 0 skipped");
    }

    private static ScenarioResult result(String id, Outcome outcome, @Nullable String reason) {
        return new ScenarioResult(id, "A#" + id, id, outcome, reason, null, "13.23", "process", "/logs", 1, List.of());
    }
}
