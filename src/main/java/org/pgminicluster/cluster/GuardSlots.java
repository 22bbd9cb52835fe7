package org.pgminicluster.cluster;

import java.util.List;
import java.util.Optional;
import org.pgminicluster.journal.Rows;
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
    private static final String STATE = """
            SELECT coalesce(to_jsonb(pg_replication_slots) ->> 'wal_status', '')
              FROM pg_replication_slots WHERE slot_name = ?""";

    private final Node standby;

    GuardSlots(Node standby) {
        this.standby = standby;
    }

    String nameFor(Inherited subscription) {
        return Slots.guard(standby.name(), subscription.name());
    }

    /** Makes them for what a primary subscribes to, before the base backup that the standby is made by. */
    void makeFor(Node primary) {
        for (Inherited subscription : Inherited.on(primary)) {
            SlotFaults.drop(subscription.publisher(), nameFor(subscription));
            subscription
                    .publisher()
                    .query("SELECT pg_copy_logical_replication_slot(" + Sql.literal(subscription.slot()) + ", "
                            + Sql.literal(nameFor(subscription)) + ")");
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

    /** Why a subscription could not go on from its guard slot; empty if it could. */
    Optional<String> obstacle(Inherited subscription) {
        String guard = "guard slot " + nameFor(subscription) + " on "
                + subscription.publisher().name();
        Rows state = subscription.publisher().look(STATE, nameFor(subscription));
        if (state.isEmpty()) {
            return Optional.of(guard + " is not there");
        }
        return "lost".equals(state.value()) ? Optional.of(guard + " is lost") : Optional.empty();
    }
}
