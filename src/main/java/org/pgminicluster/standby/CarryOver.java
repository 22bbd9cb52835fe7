package org.pgminicluster.standby;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.SubscribedTable;
import org.pgminicluster.state.SyncState;

/**
 * What a guarded standby could not carry over of its primary without losing rows or having them twice. What the primary
 * has done and the standby not replayed is in the primary's catalogs, if it answers; if not, all that is known of it is on
 * the publishers. It asks nobody: docs/failover.md says why these conditions together suffice.
 */
final class CarryOver {

    private final FailoverFacts facts;
    private final String from;
    private final String to;
    private final List<String> obstacles = new ArrayList<>();

    private CarryOver(FailoverFacts facts) {
        this.facts = facts;
        this.from = facts.from();
        this.to = facts.to();
    }

    /** The reasons to refuse; none if nothing would be lost. */
    static List<String> obstacles(FailoverFacts facts) {
        CarryOver carryOver = new CarryOver(facts);
        carryOver.judge();
        return carryOver.obstacles;
    }

    private void judge() {
        for (Followed subscription : facts.inherited()) {
            FailoverFacts.@Nullable Publisher publisher = facts.publishers().get(subscription.publisher());
            if (publisher == null) {
                obstacles.add(subscription.publisher() + " does not answer, which " + subscription + " follows");
            } else {
                unfit(subscription, publisher.slots()).ifPresent(obstacles::add);
                addHalfCopied(subscription);
                if (facts.own().isEmpty()) {
                    addSeenOnPublisher(subscription, publisher);
                }
            }
        }
        facts.own().ifPresentOrElse(this::addSeenOnPrimary, this::addUnclaimedSlots);
    }

    /** Why a subscription cannot go on from its failover slot, if it cannot. */
    private Optional<String> unfit(Followed subscription, Map<String, SlotState> slots) {
        String slotName = facts.slotName().apply(subscription);
        String name = slotName + " on " + subscription.publisher();
        @Nullable SlotState slot = slots.get(slotName);
        if (slot == null) {
            return isIdle(subscription, slots)
                    ? Optional.empty()
                    : Optional.of("failover slot " + name + " is not there");
        }
        if (slot.lost()) {
            return Optional.of("failover slot " + name + " is lost");
        }
        Optional<Lsn> reached = Positions.reached(subscription, facts.known().apply(subscription));
        if (reached.isEmpty()) {
            return Optional.of(subscription + " is younger than its failover slot " + name
                    + " and has applied nothing yet, so nobody knows what it lacks, let it apply a row and " + to
                    + " replay that, or make " + to + " anew");
        }
        return reached.filter(has -> has.compareTo(Positions.beginOf(slot)) < 0)
                .map(has -> "failover slot " + name + " begins at " + slot.confirmed() + ", but " + to
                        + " has only what was committed up to " + has + ", " + startAndReplay() + ", or make " + to
                        + " anew");
    }

    /** It does not run and has no slot of any kind, so nothing is to be kept for it. */
    private static boolean isIdle(Followed subscription, Map<String, SlotState> slots) {
        return !subscription.enabled() && !slots.containsKey(subscription.slot());
    }

    /** From 14 on such a table has a slot of its own, which no failover slot stands for. */
    private void addHalfCopied(Followed subscription) {
        subscription.state().tables().stream()
                .filter(table -> table.state() == SyncState.FINISHED_COPY)
                .forEach(table -> obstacles.add("table " + table.table() + " of subscription " + subscription.name()
                        + " is copied on " + to + ", but has not caught up" + replayFirst()));
    }

    private void addSeenOnPublisher(Followed subscription, FailoverFacts.Publisher publisher) {
        if (!subscription.enabled() && publisher.slots().containsKey(subscription.slot())) {
            obstacles.add("subscription " + subscription.name() + " is disabled on " + to + ", but its slot "
                    + subscription.slot() + " is on " + subscription.publisher() + " and " + from
                    + " may have enabled it again, " + startAndReplay()
                    + ", or drop that slot if the subscription is to stay disabled");
        }
        publisher.published().getOrDefault(subscription.oid(), List.of()).stream()
                .filter(table -> !subscription.has(table))
                .forEach(table -> obstacles.add("table " + table + " is published by " + subscription.publisher()
                        + " to subscription " + subscription.name() + ", which has it not on " + to + ", and " + from
                        + " may have copied it, " + startAndReplay()
                        + ", or take the table out of the publication until "
                        + to + " has taken over, then add it again and refresh the subscription"));
    }

    private void addSeenOnPrimary(List<Followed> own) {
        for (Followed wanted : own) {
            Optional<Followed> found =
                    facts.inherited().stream().filter(wanted::isNamedLike).findFirst();
            if (found.isEmpty()) {
                obstacles.add("subscription " + wanted.name() + " of " + from + ", which follows " + wanted.publisher()
                        + ", is not on " + to + replayFirst());
                continue;
            }
            if (wanted.enabled() && !found.get().enabled()) {
                obstacles.add("subscription " + wanted.name() + " is enabled on " + from + " and disabled on " + to
                        + replayFirst());
            }
            if (!wanted.state().publications().equals(found.get().state().publications())) {
                obstacles.add("subscription " + wanted.name() + " has the publications "
                        + wanted.state().publications()
                        + " on " + from + " and " + found.get().state().publications() + " on " + to + replayFirst());
            }
            wanted.state().tables().stream()
                    .filter(table -> found.get().oid() == wanted.oid() && wasCopiedBefore(found.get(), table))
                    .forEach(table -> obstacles.add("table " + table.table() + " of subscription " + wanted.name()
                            + " was copied again on " + from + replayFirst()));
            wanted.state().tables().stream()
                    .filter(table -> !found.get().has(table.table()))
                    .forEach(table -> obstacles.add("table " + table.table() + " is in subscription " + wanted.name()
                            + " on " + from + " and not on " + to + replayFirst()));
        }
    }

    /** Between the two copies rows may have gone by that no slot gives again. */
    private static boolean wasCopiedBefore(Followed subscription, SubscribedTable again) {
        return subscription
                .ready(again.table())
                .filter(own -> !Objects.equals(own.since(), again.since()))
                .isPresent();
    }

    private void addUnclaimedSlots() {
        facts.publishers()
                .forEach((name, publisher) -> publisher
                        .unclaimed()
                        .forEach(slot ->
                                obstacles.add("slot " + slot + " on " + name + " is of no subscription that " + to
                                        + " or another node has, and " + from + " may have made it for one that " + to
                                        + " has not replayed, " + startAndReplay()
                                        + ", or drop that slot if nobody needs it")));
    }

    private String replayFirst() {
        return ", let " + to + " replay what " + from + " has written first";
    }

    private String startAndReplay() {
        return "start " + from + " and let " + to + " replay what it has written";
    }
}
