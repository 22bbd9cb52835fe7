package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgminicluster.history.HistoryEvent.Begun;
import org.pgminicluster.history.HistoryEvent.LogSign;
import org.pgminicluster.history.HistoryEvent.Settled;
import org.pgminicluster.history.HistoryEvent.Slot;
import org.pgminicluster.history.HistoryEvent.Worker;

/** The state in the end: I8, I9, I13 and I14. */
final class StateChecks {

    /** Empty: before PostgreSQL 13 the view does not say. */
    private static final Set<String> KEPT = Set.of("reserved", "extended", "");

    private StateChecks() {}

    static List<Violation> violations(History history, Begun begun) {
        List<Violation> violations = new ArrayList<>();
        if (history.first(HistoryEvent.Ended.class).isPresent()) {
            slots(history, begun, violations);
        }
        history.all(Settled.class)
                .filter(settled -> !settled.settled() || settled.tookMillis() > begun.healBoundMillis())
                .forEach(settled -> violations.add(new Violation(
                        Invariant.I13,
                        "not equal after " + settled.tookMillis() + " ms of at most " + begun.healBoundMillis()
                                + " ms: " + settled.lastSeen())));
        history.all(Worker.class)
                .filter(worker -> !worker.running())
                .forEach(worker -> violations.add(new Violation(
                        Invariant.I14, worker.subscription() + " on " + worker.node() + " has no apply worker")));
        history.all(LogSign.class)
                .forEach(sign -> violations.add(new Violation(
                        Invariant.I14, sign.node() + " logged " + sign.times() + " times: " + sign.line())));
        return violations;
    }

    private static void slots(History history, Begun begun, List<Violation> violations) {
        List<Slot> slots = history.all(Slot.class).toList();
        Set<String> there =
                slots.stream().map(slot -> slot.publisher() + "/" + slot.slot()).collect(Collectors.toSet());
        begun.slots().stream()
                .filter(slot -> !there.contains(slot))
                .forEach(slot -> violations.add(new Violation(Invariant.I8, "slot " + slot + " is gone")));
        for (Slot slot : slots) {
            String name = "slot " + slot.publisher() + "/" + slot.slot();
            if (!KEPT.contains(slot.status()) || !slot.active()) {
                violations.add(new Violation(
                        Invariant.I8,
                        name + " is " + (slot.active() ? "active" : "not active") + ", its WAL " + slot.status()));
            }
            if (slot.heldBytes() > begun.walBound()) {
                violations.add(new Violation(
                        Invariant.I9, name + " holds " + slot.heldBytes() + " bytes of at most " + begun.walBound()));
            }
        }
    }
}
