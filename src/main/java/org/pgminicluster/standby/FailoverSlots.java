package org.pgminicluster.standby;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.fault.SlotFaults;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Slots;
import org.pgminicluster.script.Sql;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.SlotState;

/**
 * The slots that keep, on the publishers, what a standby has not replayed. A subscription's own slot moves on when the
 * primary has flushed a commit, whether the standby has it or not; a failover slot moves only to where the standby is.
 *
 * @see <a href="https://www.postgresql.org/docs/13/functions-admin.html#FUNCTIONS-REPLICATION">Replication Management
 *     Functions</a>
 */
final class FailoverSlots {

    private static final String ADVANCE = """
            SELECT pg_replication_slot_advance(slot_name, ?::pg_lsn) FROM pg_replication_slots
             WHERE slot_name = ? AND NOT active AND confirmed_flush_lsn < ?::pg_lsn
               AND to_jsonb(pg_replication_slots) ->> 'wal_status' IS DISTINCT FROM 'lost'""";

    private final Member primary;
    private final Member standby;
    /** Up to where the standby is known to have everything, by the subscription's oid. */
    private final Map<Long, Lsn> known = new ConcurrentHashMap<>();
    /** The oids of those that have had a failover slot: one that is gone has left a gap, and is not made again. */
    private final Set<Long> provided = ConcurrentHashMap.newKeySet();
    /** All that were followed once, by name: their slots outlive the subscriptions. */
    private final Map<String, Member> publishers = new LinkedHashMap<>();

    private final Orphans orphans = new Orphans();

    private boolean held;

    FailoverSlots(Member primary, Member standby) {
        this.primary = primary;
        this.standby = standby;
    }

    String nameFor(Followed subscription) {
        return Slots.failover(
                standby.runtime().topology(),
                standby.name(),
                subscription.state().database(),
                subscription.name());
    }

    private String nameFor(StandbySubscription subscription) {
        return nameFor(subscription.followed());
    }

    /** Makes them for what the primary subscribes to, before the base backup that the standby is made by. */
    void make() {
        for (StandbySubscription subscription : StandbySubscription.on(primary)) {
            Member publisher = subscription.publisher();
            SlotFaults.drop(publisher, nameFor(subscription));
            if (!isIdle(subscription.followed(), LogicalSlots.on(publisher).keySet())) {
                publisher.query(copy(subscription));
            }
        }
    }

    private String copy(StandbySubscription subscription) {
        return "SELECT pg_copy_logical_replication_slot(" + Sql.literal(subscription.slot()) + ", "
                + Sql.literal(nameFor(subscription)) + ")";
    }

    /** Notes where they begin, before they are moved: the base backup, which was made later, has all up to there. */
    synchronized void noteBeginnings() {
        for (StandbySubscription subscription : StandbySubscription.on(standby)) {
            provided.add(subscription.oid());
            // It may be dropped before they are moved for the first time, and leaves a slot all the same.
            publishers.putIfAbsent(subscription.publisher().name(), subscription.publisher());
            try {
                @Nullable
                SlotState slot = LogicalSlots.on(subscription.publisher()).get(nameFor(subscription));
                if (slot != null) {
                    known.put(subscription.oid(), Positions.beginOf(slot));
                }
            } catch (SqlFailedException e) {
                // What is not noted counts as made later, and a failover asks for more.
            }
        }
    }

    /** Drops all that there are of a standby, on every node that answers: what they keep is of no use to it any more. */
    static void dropAll(Member standby) {
        standby.runtime().members().stream()
                .filter(Member::isAwake)
                .forEach(node -> LogicalSlots.on(node).keySet().stream()
                        .filter(slot -> Slots.isFailover(standby.name(), slot))
                        .forEach(slot -> SlotFaults.drop(node, slot)));
    }

    /** Up to where the standby is known to have everything of a subscription; zero if nothing is known. */
    Lsn known(Followed subscription) {
        return known.getOrDefault(subscription.oid(), Followed.NOWHERE);
    }

    /** Whether a subscription does not run and has no slot of any kind, so that nothing is to be kept for it. */
    boolean isIdle(Followed subscription, Collection<String> slots) {
        return !subscription.enabled()
                && !slots.contains(subscription.slot())
                && !slots.contains(nameFor(subscription));
    }

    /** Moves none any more until they are let go, and not in this moment either. */
    synchronized void hold(boolean still) {
        held = still;
    }

    /** Moves them to where the standby is now. Whoever does not answer is asked again next time. */
    synchronized void advance() {
        if (held) {
            return;
        }
        try {
            // In this order: a slot is of what the standby had before, or of what it will not be taken for; what the
            // publishers were told of, the primary has, and the standby perhaps.
            Set<Long> before = new HashSet<>();
            for (StandbySubscription subscription : StandbySubscription.on(standby)) {
                before.add(subscription.oid());
                publishers.putIfAbsent(subscription.publisher().name(), subscription.publisher());
            }
            Map<String, Map<String, SlotState>> slots = slotsOfPublishers();
            Optional<List<Followed>> primarys = primarys();
            List<StandbySubscription> standbys = StandbySubscription.on(standby);
            for (StandbySubscription subscription : standbys) {
                if (before.contains(subscription.oid())) {
                    advance(
                            subscription,
                            slots.getOrDefault(subscription.publisher().name(), Map.of()),
                            primarys.orElse(List.of()));
                }
            }
            primarys.ifPresent(all -> dropOrphans(
                    slots,
                    Stream.concat(all.stream(), standbys.stream().map(StandbySubscription::followed))
                            .map(this::nameFor)
                            .collect(Collectors.toSet())));
        } catch (SqlFailedException e) {
            // They stay where they are, which keeps more than is needed.
        }
    }

    private Optional<List<Followed>> primarys() {
        try {
            return primary.isAwake()
                    ? Optional.of(StandbySubscription.on(primary).stream()
                            .map(StandbySubscription::followed)
                            .toList())
                    : Optional.empty();
        } catch (SqlFailedException e) {
            return Optional.empty();
        }
    }

    private Map<String, Map<String, SlotState>> slotsOfPublishers() {
        Map<String, Map<String, SlotState>> slots = new LinkedHashMap<>();
        publishers.forEach((name, publisher) -> {
            try {
                if (publisher.isAwake()) {
                    slots.put(name, LogicalSlots.on(publisher));
                }
            } catch (SqlFailedException e) {
                // The others may answer.
            }
        });
        return slots;
    }

    private void advance(
            StandbySubscription subscription, Map<String, SlotState> slots, Collection<Followed> primarys) {
        Followed followed = subscription.followed();
        @Nullable SlotState own = slots.get(subscription.slot());
        @Nullable SlotState slot = slots.get(nameFor(followed));
        if (slot == null) {
            if (own != null && primarys.stream().anyMatch(followed::isAlike) && provided.add(followed.oid())) {
                // Made by hand. What the standby has of it will be known when it is next looked at.
                subscription.publisher().look(copy(subscription));
            }
            return;
        }
        provided.add(followed.oid());
        Lsn carried = Positions.carried(Optional.ofNullable(own), primarys, followed);
        known.merge(followed.oid(), carried, (had, has) -> had.compareTo(has) < 0 ? has : had);
        if (Positions.beginOf(slot).compareTo(carried) < 0) {
            try {
                subscription.publisher().look(ADVANCE, carried.toString(), slot.name(), carried.toString());
            } catch (SqlFailedException e) {
                // It stays where it is, which keeps more than is needed.
            }
        }
    }

    private void dropOrphans(Map<String, Map<String, SlotState>> slots, Set<String> needed) {
        slots.forEach((publisher, all) -> all.keySet().stream()
                .filter(slot -> Slots.isFailover(standby.name(), slot))
                .filter(slot -> orphans.isOne(publisher, slot, needed.contains(slot)))
                .forEach(slot -> SlotFaults.drop(standby.runtime().member(publisher), slot)));
    }
}
