package org.pgminicluster.cluster;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.script.Slots;
import org.pgminicluster.script.Sql;

/**
 * The slots that keep, on the publishers, what a standby has not replayed. A subscription's own slot moves on when the
 * primary has flushed a commit, whether the standby has it or not; a guard slot moves only to where the standby is.
 *
 * @see <a href="https://www.postgresql.org/docs/13/functions-admin.html#FUNCTIONS-REPLICATION">Replication Management
 *     Functions</a>
 */
final class GuardSlots {

    private static final String ADVANCE = """
            SELECT pg_replication_slot_advance(slot_name, ?::pg_lsn) FROM pg_replication_slots
             WHERE slot_name = ? AND NOT active AND confirmed_flush_lsn < ?::pg_lsn
               AND to_jsonb(pg_replication_slots) ->> 'wal_status' IS DISTINCT FROM 'lost'""";
    private static final Lsn NOWHERE = new Lsn(0);
    /** Where whatever comes is copied first. */
    static final Lsn ANYWHERE = new Lsn(-1);

    private final Node standby;
    /** By the subscription's oid. */
    private final Map<Long, Lsn> begun = new ConcurrentHashMap<>();

    GuardSlots(Node standby) {
        this.standby = standby;
    }

    String nameFor(Inherited subscription) {
        return Slots.guard(standby.name(), subscription.name());
    }

    /** Makes them for what a primary subscribes to, before the base backup that the standby is made by. */
    void makeFor(Node primary) {
        for (Inherited subscription : Inherited.on(primary)) {
            Node publisher = subscription.publisher();
            SlotFaults.drop(publisher, nameFor(subscription));
            if (!isIdle(subscription, LogicalSlot.on(publisher))) {
                publisher.query("SELECT pg_copy_logical_replication_slot(" + Sql.literal(subscription.slot()) + ", "
                        + Sql.literal(nameFor(subscription)) + ")");
            }
        }
    }

    /** Notes where they begin, before they are moved: the base backup, which was made later, has all up to there. */
    void noteBeginnings() {
        for (Inherited subscription : Inherited.on(standby)) {
            try {
                @Nullable
                LogicalSlot guard = LogicalSlot.on(subscription.publisher()).get(nameFor(subscription));
                if (guard != null) {
                    begun.put(subscription.oid(), guard.confirmed());
                }
            } catch (SqlFailedException e) {
                // What is not noted counts as made later, and a failover asks for more.
            }
        }
    }

    /** Moves them to where the standby is now. Whoever does not answer is asked again next time. */
    void advance() {
        List<Inherited> subscriptions;
        try {
            subscriptions = Inherited.on(standby);
        } catch (SqlFailedException e) {
            return;
        }
        for (Inherited subscription : subscriptions) {
            String applied = subscription.applied().toString();
            try {
                subscription.publisher().look(ADVANCE, applied, nameFor(subscription), applied);
            } catch (SqlFailedException e) {
                // It stays where it is, which keeps more than is needed.
            }
        }
    }

    /**
     * Up to where the standby has everything of a subscription and nothing beyond, by what it has replayed; empty if
     * nobody knows. An origin has no position before something is applied, but a table that is ready says up to where
     * the subscription had received everything then.
     *
     * @param tables those of all subscriptions
     */
    Optional<Lsn> reached(Inherited subscription, List<SubscribedTable> tables) {
        Lsn known = Stream.concat(
                        Stream.of(begun.getOrDefault(subscription.oid(), NOWHERE), subscription.applied()),
                        since(subscription, tables, SyncState.READY))
                .max(Comparator.naturalOrder())
                .orElse(NOWHERE);
        if (!known.equals(NOWHERE)) {
            return Optional.of(known);
        }
        if (since(subscription, tables, SyncState.READY).findAny().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(since(subscription, tables, SyncState.SYNCHRONIZED)
                .min(Comparator.naturalOrder())
                .orElse(ANYWHERE));
    }

    private static Stream<Lsn> since(Inherited subscription, List<SubscribedTable> tables, SyncState state) {
        return tables.stream()
                .filter(table -> table.isOf(subscription) && table.state() == state)
                .map(SubscribedTable::since);
    }

    /** Whether a subscription does not run and has no slot of any kind, so that nothing is to be kept for it. */
    boolean isIdle(Inherited subscription, Map<String, LogicalSlot> slots) {
        return !subscription.enabled()
                && !slots.containsKey(subscription.slot())
                && !slots.containsKey(nameFor(subscription));
    }
}
