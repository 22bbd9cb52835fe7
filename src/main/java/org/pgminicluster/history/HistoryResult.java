package org.pgminicluster.history;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.pgminicluster.history.HistoryEvent.LeftOut;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Tried;
import org.pgminicluster.history.HistoryEvent.Wrote;

/**
 * What a history has come to.
 *
 * @param plan what was to be done
 * @param history what happened
 * @param verdict what the judge says of it
 * @param directory where plan, history and the servers' logs are
 * @param explanation of one that was not passed: what was violated, its plan, and the shortest plan that still fails
 */
@API(status = API.Status.EXPERIMENTAL)
public record HistoryResult(Plan plan, History history, Verdict verdict, Path directory, String explanation) {

    /** What the plan was drawn from. */
    public long seed() {
        return plan.seed();
    }

    /** What kind of history it is. */
    public Profile profile() {
        return plan.profile();
    }

    /** Whether every invariant held, in a history that says something. */
    public boolean isPassed() {
        return verdict.isPassed();
    }

    /** The file that {@link Histories#plan} runs once more. */
    public Path planFile() {
        return directory.resolve(HistoryRunner.PLAN);
    }

    /** The tables of the topology that nobody wrote, each with the reason. */
    public List<String> leftOut() {
        return history.all(LeftOut.class)
                .map(left -> left.table() + " " + left.why())
                .toList();
    }

    private long count(Outcome outcome) {
        return history.all(Wrote.class)
                .filter(wrote -> wrote.outcome() == outcome)
                .count();
    }

    /** Such as {@code  (2 with 08006)}. */
    private String failures() {
        Map<String, Long> states = history.all(Wrote.class)
                .filter(wrote -> wrote.outcome() == Outcome.FAILED)
                .collect(Collectors.groupingBy(Wrote::sqlState, TreeMap::new, Collectors.counting()));
        return states.isEmpty()
                ? ""
                : states.entrySet().stream()
                        .map(state -> state.getValue() + " with " + state.getKey())
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    /** The verdict and what it is founded on, over several lines. */
    @Override
    public String toString() {
        if (!explanation.isEmpty()) {
            return explanation;
        }
        List<String> lines = new ArrayList<>();
        lines.add("history of seed " + seed() + ", profile " + profile() + ": " + verdict);
        lines.add(history.all(Wrote.class).count() + " transactions: " + count(Outcome.ACKNOWLEDGED)
                + " acknowledged, " + count(Outcome.ROLLED_BACK) + " rolled back, " + count(Outcome.FAILED)
                + " failed" + failures() + ", " + count(Outcome.UNKNOWN) + " unknown; "
                + history.all(Tried.class).count() + " forbidden writes; "
                + history.all(HistoryEvent.Read.class).count() + " looks at copies");
        history.all(HistoryEvent.Injected.class).forEach(fault -> lines.add(fault.what()));
        leftOut().forEach(table -> lines.add("left out: " + table));
        lines.add("recorded in " + directory.resolve(HistoryRunner.HISTORY));
        return lines.stream().collect(Collectors.joining("\n    "));
    }
}
