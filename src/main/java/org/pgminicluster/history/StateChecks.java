package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgminicluster.history.HistoryEvent.Begun;
import org.pgminicluster.history.HistoryEvent.Expected;
import org.pgminicluster.history.HistoryEvent.FailedOver;
import org.pgminicluster.history.HistoryEvent.Kept;
import org.pgminicluster.history.HistoryEvent.LeftOver;
import org.pgminicluster.history.HistoryEvent.LogSign;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.Refused;
import org.pgminicluster.history.HistoryEvent.Settled;
import org.pgminicluster.history.HistoryEvent.Slot;
import org.pgminicluster.history.HistoryEvent.Worker;
import org.pgminicluster.history.HistoryEvent.Wrote;

/** The state in the end, and what became of failovers: I8, I9, I13, I14, I15 and I16. */
final class StateChecks {

    /** Empty: before PostgreSQL 13 the view does not say. */
    private static final Set<String> KEPT = Set.of("reserved", "extended", "");

    private StateChecks() {}

    static List<Violation> violations(History history, Begun begun) {
        List<Violation> violations = new ArrayList<>();
        if (history.first(HistoryEvent.Ended.class).isPresent()) {
            slots(history, begun, violations);
            refused(history, violations);
        }
        history.all(FailedOver.class)
                .filter(FailedOver::planned)
                .forEach(planned -> disturbed(history, planned, violations));
        history.all(LeftOver.class)
                .forEach(left -> violations.add(new Violation(
                        Invariant.I8,
                        "slot " + left.publisher() + "/" + left.slot() + " is left, which nobody needs any more")));
        history.all(Kept.class)
                .filter(kept -> kept.bytes() > 0)
                .forEach(kept -> violations.add(new Violation(
                        Invariant.I9,
                        "slot " + kept.publisher() + "/" + kept.slot() + " keeps " + kept.bytes()
                                + " bytes of which no subscription wants any")));
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

    private static void refused(History history, List<Violation> violations) {
        history.all(Refused.class)
                .filter(refused -> history.all(FailedOver.class)
                        .noneMatch(later -> later.from().equals(refused.from())
                                && later.to().equals(refused.to())
                                && later.at() >= refused.at()))
                .map(refused -> new Violation(
                        Invariant.I15,
                        "the failover from " + refused.from() + " to " + refused.to() + " was refused to the end: "
                                + refused.reason()))
                .reduce((first, second) -> second)
                .ifPresent(violations::add);
    }

    /** Who writes is on another node, and no fault lasts. */
    private static void disturbed(History history, FailedOver planned, List<Violation> violations) {
        history.all(Wrote.class)
                .filter(wrote -> wrote.at() >= planned.at() - planned.tookMillis() && wrote.at() <= planned.at())
                .filter(wrote -> wrote.outcome() == Outcome.FAILED || wrote.outcome() == Outcome.UNKNOWN)
                .findFirst()
                .ifPresent(wrote -> violations.add(new Violation(
                        Invariant.I16,
                        "transaction " + wrote.op() + " of " + wrote.ledger() + " was " + wrote.outcome() + " with \""
                                + wrote.sqlState() + "\" at " + wrote.at() + " ms, while " + planned.to()
                                + " took over from " + planned.from())));
    }

    private static void slots(History history, Begun begun, List<Violation> violations) {
        List<Slot> slots = history.all(Slot.class).toList();
        Set<String> there =
                slots.stream().map(slot -> slot.publisher() + "/" + slot.slot()).collect(Collectors.toSet());
        List<String> expected = history.all(Expected.class)
                .map(Expected::slots)
                .reduce((first, second) -> second)
                .orElse(begun.slots());
        expected.stream()
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
