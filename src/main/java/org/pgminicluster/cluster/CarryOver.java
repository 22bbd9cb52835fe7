package org.pgminicluster.cluster;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.topology.TableName;

/**
 * What a guarded standby could not carry over of its primary without losing rows or having them twice. What the primary
 * has done and the standby not replayed is in the primary's catalogs, if it answers; if not, all that is known of it is on
 * the publishers.
 */
final class CarryOver {

    private static final String PUBLISHED = """
            SELECT DISTINCT schemaname, tablename FROM pg_publication_tables
             WHERE pubname = ANY (?::text[]) ORDER BY 1, 2""";

    private final MiniCluster cluster;
    private final Node from;
    private final Node to;
    private final GuardSlots guards;
    /** By publisher and name. */
    private final Map<String, Map<String, LogicalSlot>> slots = new HashMap<>();

    private List<Inherited> inherited = List.of();
    private List<SubscribedTable> tables = List.of();
    private List<Inherited> itsOwn = List.of();
    private List<SubscribedTable> itsTables = List.of();

    CarryOver(MiniCluster cluster, Node from, Node to, GuardSlots guards) {
        this.cluster = cluster;
        this.from = from;
        this.to = to;
        this.guards = guards;
    }

    /** Looks, and changes nothing. */
    List<String> obstacles() {
        // The slots first: they are moved behind the positions, and never past them.
        Inherited.on(to).stream()
                .map(Inherited::publisher)
                .filter(Node::isAwake)
                .forEach(this::slotsOf);
        inherited = Inherited.on(to);
        tables = SubscribedTable.of(inherited);
        List<String> obstacles = new ArrayList<>();
        boolean answers = primaryAnswers();
        for (Inherited subscription : inherited) {
            if (!subscription.publisher().isAwake()) {
                obstacles.add(subscription.publisher().name() + " does not answer, which " + subscription + " follows");
            } else {
                unfit(subscription).ifPresent(obstacles::add);
                addHalfCopied(subscription, obstacles);
                if (!answers) {
                    addSeenOnPublisher(subscription, obstacles);
                }
            }
        }
        if (answers) {
            addSeenOnPrimary(obstacles);
        } else {
            addUnclaimedSlots(obstacles);
        }
        return obstacles;
    }

    private boolean primaryAnswers() {
        if (!from.isAwake()) {
            return false;
        }
        try {
            itsOwn = Inherited.on(from);
            itsTables = SubscribedTable.of(itsOwn);
            return true;
        } catch (SqlFailedException e) {
            return false;
        }
    }

    private Map<String, LogicalSlot> slotsOf(Node publisher) {
        return slots.computeIfAbsent(publisher.name(), name -> LogicalSlot.on(publisher));
    }

    /** Why a subscription cannot go on from its guard slot, if it cannot. */
    private Optional<String> unfit(Inherited subscription) {
        Node publisher = subscription.publisher();
        String name = guards.nameFor(subscription) + " on " + publisher.name();
        @Nullable LogicalSlot guard = slotsOf(publisher).get(guards.nameFor(subscription));
        if (guard == null) {
            return guards.isIdle(subscription, slotsOf(publisher))
                    ? Optional.empty()
                    : Optional.of("guard slot " + name + " is not there");
        }
        if (guard.lost()) {
            return Optional.of("guard slot " + name + " is lost");
        }
        Optional<Lsn> reached = guards.reached(subscription, tables);
        if (reached.isEmpty()) {
            return Optional.of(subscription + " is younger than its guard slot " + name
                    + " and has applied nothing yet, so nobody knows what it lacks, let it apply a row and " + to.name()
                    + " replay that, or make " + to.name() + " anew");
        }
        return reached.filter(has -> has.compareTo(guard.confirmed()) < 0)
                .map(has -> "guard slot " + name + " begins at " + guard.confirmed() + ", but " + to.name()
                        + " has only what was committed up to " + has + ", " + startAndReplay() + ", or make "
                        + to.name()
                        + " anew");
    }

    /** From 14 on such a table has a slot of its own, which has no guard. */
    private void addHalfCopied(Inherited subscription, List<String> obstacles) {
        tables.stream()
                .filter(table -> table.isOf(subscription) && table.state() == SyncState.FINISHED_COPY)
                .forEach(table -> obstacles.add("table " + table.table() + " of subscription " + subscription.name()
                        + " is copied on " + to.name() + ", but has not caught up" + replayFirst()));
    }

    private void addSeenOnPublisher(Inherited subscription, List<String> obstacles) {
        Node publisher = subscription.publisher();
        if (!subscription.enabled() && slotsOf(publisher).containsKey(subscription.slot())) {
            obstacles.add("subscription " + subscription.name() + " is disabled on " + to.name() + ", but its slot "
                    + subscription.slot() + " is on " + publisher.name() + " and " + from.name()
                    + " may have enabled it again, " + startAndReplay()
                    + ", or drop that slot if the subscription is to stay disabled");
        }
        publisher.look(PUBLISHED, subscription.publications()).values().stream()
                .map(row -> new TableName(row.text(0), row.text(1)))
                .filter(table -> !has(subscription, table))
                .forEach(table -> obstacles.add("table " + table + " is published by " + publisher.name()
                        + " to subscription " + subscription.name() + ", which has it not on " + to.name() + ", and "
                        + from.name() + " may have copied it, " + startAndReplay()
                        + ", or take the table out of the publication until " + to.name()
                        + " has taken over, then add it again and refresh the subscription"));
    }

    private void addSeenOnPrimary(List<String> obstacles) {
        for (Inherited wanted : itsOwn) {
            Optional<Inherited> found =
                    inherited.stream().filter(wanted::isNamedLike).findFirst();
            if (found.isEmpty()) {
                obstacles.add("subscription " + wanted.name() + " of " + from.name() + ", which follows "
                        + wanted.publisher().name() + ", is not on " + to.name() + replayFirst());
                continue;
            }
            if (wanted.enabled() && !found.get().enabled()) {
                obstacles.add("subscription " + wanted.name() + " is enabled on " + from.name() + " and disabled on "
                        + to.name() + replayFirst());
            }
            if (!wanted.publications().equals(found.get().publications())) {
                obstacles.add("subscription " + wanted.name() + " has the publications " + wanted.publications()
                        + " on " + from.name() + " and " + found.get().publications() + " on " + to.name()
                        + replayFirst());
            }
            itsTables.stream()
                    .filter(table -> table.isOf(wanted) && wasCopiedBefore(found.get(), table))
                    .forEach(table -> obstacles.add("table " + table.table() + " of subscription " + wanted.name()
                            + " was copied again on " + from.name() + replayFirst()));
            itsTables.stream()
                    .filter(table -> table.isOf(wanted) && !has(found.get(), table.table()))
                    .forEach(table -> obstacles.add("table " + table.table() + " is in subscription " + wanted.name()
                            + " on " + from.name() + " and not on " + to.name() + replayFirst()));
        }
    }

    /** Between the two copies rows may have gone by that no slot gives again. */
    private boolean wasCopiedBefore(Inherited subscription, SubscribedTable again) {
        return tables.stream()
                .anyMatch(own -> own.isOf(subscription)
                        && own.subscription() == again.subscription()
                        && own.table().equals(again.table())
                        && own.state() == SyncState.READY
                        && !own.since().equals(again.since()));
    }

    private boolean has(Inherited subscription, TableName table) {
        return tables.stream()
                .anyMatch(own -> own.isOf(subscription) && own.table().equals(table));
    }

    private void addUnclaimedSlots(List<String> obstacles) {
        SlotOwners owners = new SlotOwners(cluster, from, inherited);
        for (Node publisher : owners.others()) {
            owners.unclaimed(publisher, slotsOf(publisher).values())
                    .forEach(slot -> obstacles.add("slot " + slot + " on " + publisher.name()
                            + " is of no subscription that " + to.name() + " or another node has, and " + from.name()
                            + " may have made it for one that " + to.name() + " has not replayed, " + startAndReplay()
                            + ", or drop that slot if nobody needs it"));
        }
    }

    private String replayFirst() {
        return ", let " + to.name() + " replay what " + from.name() + " has written first";
    }

    private String startAndReplay() {
        return "start " + from.name() + " and let " + to.name() + " replay what it has written";
    }
}
