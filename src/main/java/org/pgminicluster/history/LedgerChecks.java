package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgminicluster.history.HistoryEvent.Begun;
import org.pgminicluster.history.HistoryEvent.Canaries;
import org.pgminicluster.history.HistoryEvent.Canary;
import org.pgminicluster.history.HistoryEvent.Copy;
import org.pgminicluster.history.HistoryEvent.FailedOver;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Settled;
import org.pgminicluster.history.HistoryEvent.TableRow;
import org.pgminicluster.history.HistoryEvent.TableRows;
import org.pgminicluster.history.HistoryEvent.Wrote;

/** What writers were told, against the rows that are there in the end: I1, I2, I3, I5 and I6'. */
final class LedgerChecks {

    private static final int SHOWN = 5;

    private final List<Violation> violations = new ArrayList<>();
    private final History history;
    /** Rows that have not come yet are not lost: that is I13. */
    private final boolean settled;

    private LedgerChecks(History history) {
        this.history = history;
        this.settled = history.first(Settled.class).map(Settled::settled).orElse(false);
    }

    static List<Violation> violations(History history, Begun begun) {
        LedgerChecks checks = new LedgerChecks(history);
        for (Source source : Source.values()) {
            history.all(Canaries.class)
                    .filter(canaries -> canaries.source() == source)
                    .forEach(checks::canaries);
            history.all(TableRows.class)
                    .filter(rows -> rows.source() == source && rows.node().equals(source.publisher()))
                    .findFirst()
                    .ifPresent(original -> inTheEnd(history, begun)
                            .filter(copy -> copy.source() == source)
                            .forEach(copy -> checks.copy(original, copy.node())));
        }
        return checks.violations;
    }

    /** The copies that are there in the end: one that was failed over from is not. */
    static Stream<Copy> inTheEnd(History history, Begun begun) {
        Set<String> gone = history.all(FailedOver.class).map(FailedOver::from).collect(Collectors.toSet());
        return begun.copies().stream().filter(copy -> !gone.contains(copy.node()));
    }

    private void canaries(Canaries canaries) {
        Map<Integer, Wrote> written = history.all(Wrote.class)
                .filter(wrote -> wrote.source() == canaries.source())
                .collect(Collectors.toMap(Wrote::op, wrote -> wrote, (first, second) -> second));
        Map<Integer, Map<Integer, Integer>> partsByOp = new TreeMap<>();
        canaries.rows()
                .forEach(row -> partsByOp
                        .computeIfAbsent(row.op(), op -> new TreeMap<>())
                        .merge(row.part(), 1, Integer::sum));
        String where = canaries.source().canary() + " on " + canaries.node();

        List<String> lost = written.values().stream()
                .filter(wrote -> wrote.outcome() == Outcome.ACKNOWLEDGED && !partsByOp.containsKey(wrote.op()))
                .map(wrote -> "transaction " + wrote.op() + " (counter " + wrote.n() + ")")
                .toList();
        if (settled) {
            add(Invariant.I1, where + " lacks what was acknowledged: ", lost);
        }
        add(Invariant.I2, where + " has what was not written: ", phantoms(canaries, written));
        add(
                Invariant.I3,
                where + " has more than once: ",
                partsByOp.entrySet().stream()
                        .filter(op -> op.getValue().values().stream().anyMatch(times -> times > 1))
                        .map(op -> "transaction " + op.getKey())
                        .toList());
        add(
                Invariant.I5,
                where + " has in part: ",
                partsByOp.entrySet().stream()
                        .filter(op -> !op.getValue().keySet().equals(Set.of(1, 2)))
                        .map(op -> "transaction " + op.getKey() + ", parts "
                                + op.getValue().keySet())
                        .toList());
    }

    /** An unknown one may be there. What is there must have the counter that it took. */
    private static List<String> phantoms(Canaries canaries, Map<Integer, Wrote> written) {
        Set<String> phantoms = new TreeSet<>();
        for (Canary row : canaries.rows()) {
            Wrote wrote = written.get(row.op());
            boolean mayBe = wrote != null
                    && (wrote.outcome() == Outcome.ACKNOWLEDGED || wrote.outcome() == Outcome.UNKNOWN)
                    && wrote.n() == row.n();
            if (!mayBe) {
                phantoms.add("transaction " + row.op() + " (counter " + row.n() + ", "
                        + (wrote == null ? "never begun" : wrote.outcome() + " with counter " + wrote.n()) + ")");
            }
        }
        return List.copyOf(phantoms);
    }

    private void copy(TableRows original, String node) {
        Source source = original.source();
        Map<Integer, TableRow> there = history.all(TableRows.class)
                .filter(rows -> rows.source() == source && rows.node().equals(node))
                .flatMap(rows -> rows.rows().stream())
                .collect(Collectors.toMap(TableRow::id, row -> row, (first, second) -> second, HashMap::new));
        Set<String> commits = commits(original);
        List<String> lost = new ArrayList<>();
        List<String> local = new ArrayList<>();
        for (TableRow row : original.rows()) {
            TableRow copied = there.remove(row.id());
            if (copied == null) {
                lost.add("id " + row.id() + " is missing");
            } else if (differs(row, copied)) {
                boolean stale = copied.committed() == null || commits.contains(copied.committed());
                (stale ? lost : local)
                        .add("id " + row.id() + " was committed at " + copied.committed() + ", on " + source.publisher()
                                + " at " + row.committed());
            }
        }
        String where = source.table() + " on " + node;
        if (settled) {
            add(Invariant.I1, where + " lacks rows, or has old ones: ", lost);
            add(
                    Invariant.I2,
                    where + " has rows that " + source.publisher() + " has not: ",
                    there.keySet().stream().map(id -> "id " + id).toList());
        }
        // Applying stamps a row with the time of the origin's commit, so a local write stands out.
        add(Invariant.I6_SEEN, where + " has rows that were written here: ", local);
    }

    /** Rows that were frozen long ago have no commit time any more. */
    private static boolean differs(TableRow row, TableRow copied) {
        return !row.digest().equals(copied.digest())
                || row.committed() != null
                        && copied.committed() != null
                        && !row.committed().equals(copied.committed());
    }

    /** When the publisher's transactions were committed, as far as that is still to be seen. */
    private Set<String> commits(TableRows original) {
        Set<String> commits = history.all(Canaries.class)
                .filter(canaries -> canaries.source() == original.source()
                        && canaries.node().equals(original.node()))
                .flatMap(canaries -> canaries.rows().stream())
                .map(row -> String.valueOf(row.committed()))
                .collect(Collectors.toSet());
        original.rows().forEach(row -> commits.add(String.valueOf(row.committed())));
        return commits;
    }

    private void add(Invariant invariant, String what, List<String> found) {
        if (!found.isEmpty()) {
            String more = found.size() > SHOWN ? " and " + (found.size() - SHOWN) + " more" : "";
            violations.add(new Violation(
                    invariant, what + found.stream().limit(SHOWN).collect(Collectors.joining(", ")) + more));
        }
    }
}
