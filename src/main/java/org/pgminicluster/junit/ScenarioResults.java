package org.pgminicluster.junit;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.pgminicluster.junit.ScenarioResult.Outcome;

/**
 * How the scenarios of a run ended.
 *
 * @param run what names the run: all its parts, such as the test JVMs of one build, carry the same
 * @param open the parts that have begun and not ended; one that died stays here
 */
record ScenarioResults(String run, List<String> open, List<ScenarioResult> scenarios) {

    ScenarioResults {
        open = List.copyOf(open);
        scenarios = List.copyOf(scenarios);
    }

    /** With a part that begins. */
    ScenarioResults begun(String part) {
        List<String> all = new ArrayList<>(ended(part, List.of()).open);
        all.add(part);
        return new ScenarioResults(run, all, scenarios);
    }

    /** With the results of a part that ends; of two for the same scenario the later one counts. */
    ScenarioResults ended(String part, Collection<ScenarioResult> further) {
        Map<String, ScenarioResult> merged = new LinkedHashMap<>();
        scenarios.forEach(result -> merged.put(result.id(), result));
        further.forEach(result -> merged.put(result.id(), result));
        return new ScenarioResults(
                run, open.stream().filter(it -> !it.equals(part)).toList(), List.copyOf(merged.values()));
    }

    /** Such as {@code 3 scenarios: 1 passed, 1 failed, 1 skipped (needs PostgreSQL 16)}. */
    String summary() {
        return scenarios.size() + (scenarios.size() == 1 ? " scenario: " : " scenarios: ") + count(Outcome.PASSED)
                + " passed, " + count(Outcome.FAILED) + " failed, " + count(Outcome.SKIPPED) + " skipped"
                + reasons(Outcome.SKIPPED)
                + (count(Outcome.ABORTED) == 0
                        ? ""
                        : ", " + count(Outcome.ABORTED) + " aborted" + reasons(Outcome.ABORTED));
    }

    private long count(Outcome outcome) {
        return scenarios.stream().filter(result -> result.outcome() == outcome).count();
    }

    private String reasons(Outcome outcome) {
        String reasons = scenarios.stream()
                .filter(result -> result.outcome() == outcome)
                .map(ScenarioResult::reason)
                .filter(Objects::nonNull)
                .distinct()
                .collect(Collectors.joining("; "));
        return reasons.isEmpty() ? "" : " (" + reasons + ")";
    }
}
