package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;
import org.pgminicluster.history.HistoryEvent.Begun;
import org.pgminicluster.history.HistoryEvent.Ended;
import org.pgminicluster.history.HistoryEvent.Injected;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Wrote;

/** Judges a recorded history. Pure functions of what is recorded: no cluster is asked. */
@API(status = API.Status.EXPERIMENTAL)
public final class Oracle {

    /** A run of which more of the faults were void says too little. */
    private static final double MOST_VOID = 0.2;

    private Oracle() {}

    /** The verdict on a history. A violation counts, whatever else the history lacks. */
    public static Verdict judge(History history) {
        Optional<Begun> begun = history.first(Begun.class);
        if (begun.isEmpty()) {
            return invalid("it has no beginning");
        }
        List<Violation> violations = new ArrayList<>();
        violations.addAll(LedgerChecks.violations(history, begun.get()));
        violations.addAll(ReadChecks.violations(history, begun.get()));
        violations.addAll(StateChecks.violations(history, begun.get()));
        if (!violations.isEmpty()) {
            return new Verdict(Verdict.Result.FAILED, violations, "");
        }
        return reasonToDoubt(history, begun.get())
                .map(Oracle::invalid)
                .orElseGet(() -> new Verdict(Verdict.Result.PASSED, List.of(), ""));
    }

    private static Optional<String> reasonToDoubt(History history, Begun begun) {
        for (Ledger ledger : begun.ledgers()) {
            boolean written = history.all(Wrote.class)
                    .anyMatch(wrote -> wrote.ledger().equals(ledger.id()) && wrote.outcome() == Outcome.ACKNOWLEDGED);
            if (!written) {
                return Optional.of("no transaction of " + ledger.id() + " was acknowledged");
            }
        }
        if (history.all(HistoryEvent.Read.class).findAny().isEmpty()) {
            return Optional.of("no copy was read");
        }
        Optional<HistoryEvent.Copy> unread = LedgerChecks.inTheEnd(history, begun)
                .filter(copy -> !isRead(history, begun, copy))
                .findFirst();
        if (history.first(Ended.class).isPresent() && unread.isPresent()) {
            return unread.map(
                    copy -> "the rows of " + copy.ledger() + " on " + copy.node() + " were not read in the end");
        }
        long voided = history.all(HistoryEvent.Void.class).count();
        long injected = history.all(Injected.class).count();
        if (voided > MOST_VOID * (voided + injected)) {
            return Optional.of(voided + " of " + (voided + injected) + " faults were void, the first because "
                    + history.first(HistoryEvent.Void.class)
                            .map(HistoryEvent.Void::reason)
                            .orElse(""));
        }
        if (history.first(Ended.class).isEmpty()) {
            return Optional.of("it has no end");
        }
        return Optional.empty();
    }

    private static boolean isRead(History history, Begun begun, HistoryEvent.Copy copy) {
        return history.all(HistoryEvent.Canaries.class)
                        .anyMatch(it ->
                                it.node().equals(copy.node()) && it.ledger().equals(copy.ledger()))
                && begun.ledger(copy.ledger()).tables().stream()
                        .allMatch(table -> history.all(HistoryEvent.TableRows.class)
                                .anyMatch(it -> it.node().equals(copy.node())
                                        && it.ledger().equals(copy.ledger())
                                        && it.table().equals(table)));
    }

    private static Verdict invalid(String reason) {
        return new Verdict(Verdict.Result.INVALID, List.of(), reason);
    }
}
