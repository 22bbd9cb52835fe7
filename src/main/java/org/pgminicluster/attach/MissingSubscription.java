package org.pgminicluster.attach;

import java.util.List;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.script.Sql;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.SubscriptionOption;

/**
 * A subscription that is to be made.
 *
 * @param filled the tables that stand, are empty, and get rows by it
 */
record MissingSubscription(DatabaseSurvey database, Subscription subscription, List<String> filled) {

    private static final String SLOTS = """
            SELECT slot_name FROM pg_replication_slots
             WHERE slot_name = ? OR slot_name ~ ('^pg_' || ? || '_sync_')""";

    String subscriber() {
        return database.database().name();
    }

    boolean connects() {
        return SubscriptionSurvey.isOn(subscription, SubscriptionOption.CONNECT);
    }

    Conninfo conninfo(ClusterRuntime runtime) {
        return runtime.peers()
                .conninfo(
                        subscriber(), subscription.publisher(), subscription.publisherDatabase(), subscription.name());
    }

    /** With its slot, and the rows that it brought into tables that go on. */
    void takeBack(TakeBack takeBack, ClusterRuntime runtime) {
        takeBack.after("subscription " + subscription.name(), subscriber(), () -> {
            try (Session session = database.database().session()) {
                String oid = session
                        .recordedBy(event -> {})
                        .query(
                                "SELECT s.oid FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid"
                                        + " WHERE d.datname = current_database() AND s.subname = ?",
                                subscription.name())
                        .texts()
                        .stream()
                        .findFirst()
                        .orElse("");
                if (!oid.isEmpty()) {
                    drop(session);
                }
                if (SubscriptionSurvey.makesSlot(subscription)) {
                    dropSlots(runtime, oid);
                }
                if (!filled.isEmpty() && !oid.isEmpty()) {
                    empty(session);
                }
            }
        });
    }

    /** Where it cannot drop its slot, that is done on the publisher. */
    private void drop(Session session) {
        String name = Sql.identifier(subscription.name());
        try {
            session.execute("DROP SUBSCRIPTION " + name);
        } catch (SqlFailedException e) {
            if (e.isConnectionLost()) {
                throw e;
            }
            session.execute("ALTER SUBSCRIPTION " + name + " DISABLE");
            session.execute("ALTER SUBSCRIPTION " + name + " SET (slot_name = NONE)");
            session.execute("DROP SUBSCRIPTION " + name);
        }
    }

    private void dropSlots(ClusterRuntime runtime, String oid) {
        Member publisher = Places.maintenance(runtime.member(subscription.publisher()));
        for (String slot : publisher.look(SLOTS, subscription.slotName(), oid).texts()) {
            publisher.look(
                    "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                            + " WHERE slot_name = ? AND active_pid IS NOT NULL",
                    slot);
            publisher.awaitValue(
                    "SELECT count(*) FROM pg_replication_slots WHERE active AND slot_name = " + Sql.literal(slot), "0");
            publisher.look("SELECT pg_drop_replication_slot(?)", slot);
        }
    }

    /** All at once, for the sake of foreign keys; as a replica, for the sake of guards. */
    private void empty(Session session) {
        session.execute("BEGIN");
        if (database.isSuperuser()) {
            session.execute("SET LOCAL session_replication_role = replica");
        }
        session.execute("TRUNCATE " + String.join(", ", filled));
        session.execute("COMMIT");
    }
}
