package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
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
import org.pgminicluster.history.HistoryEvent.Rejoined;
import org.pgminicluster.history.HistoryEvent.Settled;
import org.pgminicluster.history.HistoryEvent.TableRow;
import org.pgminicluster.history.HistoryEvent.TableRows;
import org.pgminicluster.history.HistoryEvent.Wrote;

/** What writers were told, against the rows that are there in the end: I1, I2, I3, I5 and I6'. */
final class LedgerChecks {

    private static final int SHOWN = 5;

    private final List<Violation> violations = new ArrayList<>();
    private final History history;
    private final Begun begun;
    /** Rows that have not come yet are not lost: that is I13. */
    private final boolean settled;

    private LedgerChecks(History history, Begun begun) {
        this.history = history;
        this.begun = begun;
        this.settled = history.first(Settled.class).map(Settled::settled).orElse(false);
    }

    static List<Violation> violations(History history, Begun begun) {
        LedgerChecks checks = new LedgerChecks(history, begun);
        // Where rows are written they are compared with themselves.
        Set<String> copies = inTheEnd(history, begun).map(Copy::node).collect(Collectors.toSet());
        for (Ledger ledger : begun.ledgers()) {
            history.all(Canaries.class)
                    .filter(canaries -> canaries.ledger().equals(ledger.id()))
                    .forEach(canaries -> checks.canaries(ledger, canaries));
            history.all(TableRows.class)
                    .filter(rows -> rows.ledger().equals(ledger.id()) && copies.contains(rows.node()))
                    .forEach(copy -> checks.originals(copy)
                            .filter(original -> original.ledger().equals(ledger.id()))
                            .findFirst()
                            .ifPresent(original -> checks.copy(ledger, original, copy)));
        }
        return checks.violations;
    }

    /** What was written where the rows come from: at several places, if rows of several are in one table. */
    private Stream<TableRows> originals(TableRows copy) {
        return history.all(TableRows.class)
                .filter(rows -> rows.table().equals(copy.table())
                        && begun.ledger(rows.ledger()).place().equals(rows.node())
                        && (rows.ledger().equals(copy.ledger())
                                ? rows.view().equals(copy.view())
                                : arrives(rows.ledger(), copy.node())));
    }

    private boolean arrives(String ledger, String node) {
        return begun.copies().stream()
                .anyMatch(copy -> copy.ledger().equals(ledger) && copy.node().equals(node));
    }

    /** The copies that are there in the end: one that was failed over from is not, unless it has become a standby. */
    static Stream<Copy> inTheEnd(History history, Begun begun) {
        Set<String> gone = new TreeSet<>();
        history.events().forEach(event -> {
            if (event instanceof FailedOver failedOver) {
                gone.add(failedOver.from());
            } else if (event instanceof Rejoined rejoined) {
                gone.remove(rejoined.node());
            }
        });
        return begun.copies().stream().filter(copy -> !gone.contains(server(copy.node())));
    }

    /** The server of a place. */
    static String server(String place) {
        return place.split("/", 2)[0];
    }

    private void canaries(Ledger ledger, Canaries canaries) {
        Map<Integer, Wrote> written = new TreeMap<>();
        history.all(Wrote.class)
                .filter(wrote -> wrote.ledger().equals(ledger.id()))
                .forEach(wrote -> written.put(wrote.op(), wrote));
        Map<Integer, Map<Integer, Integer>> partsByOp = new TreeMap<>();
        canaries.rows()
                .forEach(row -> partsByOp
                        .computeIfAbsent(row.op(), op -> new TreeMap<>())
                        .merge(row.part(), 1, Integer::sum));
        String where = ledger.canary() + " on " + canaries.node();

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

    private void copy(Ledger ledger, TableRows original, TableRows copy) {
        Map<String, TableRow> there = new LinkedHashMap<>();
        List<String> twice = copy.rows().stream()
                .filter(row -> there.put(row.key(), row) != null)
                .map(row -> "key " + row.key())
                .toList();
        Set<String> commits = commits(original);
        List<String> lost = new ArrayList<>();
        List<String> local = new ArrayList<>();
        for (TableRow row : original.rows()) {
            TableRow copied = there.remove(row.key());
            if (copied == null) {
                lost.add("key " + row.key() + " is missing");
            } else if (differs(row, copied)) {
                boolean stale = copied.committed() == null || commits.contains(copied.committed());
                (stale ? lost : local)
                        .add("key " + row.key() + " was committed at " + copied.committed() + ", on " + ledger.place()
                                + " at " + row.committed());
            }
        }
        originals(copy).forEach(other -> other.rows().forEach(row -> there.remove(row.key())));
        String where = copy.table() + " on " + copy.node();
        // Only the table at the origin need have a key that keeps them out.
        add(Invariant.I3, where + " has more than once: ", twice);
        if (settled) {
            add(Invariant.I1, where + " lacks rows, or has old ones: ", lost);
            add(
                    Invariant.I2,
                    where + " has rows that " + ledger.place() + " has not: ",
                    there.keySet().stream().map(key -> "key " + key).toList());
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
                .filter(canaries -> canaries.ledger().equals(original.ledger())
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
