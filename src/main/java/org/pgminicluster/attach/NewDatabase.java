package org.pgminicluster.attach;

import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Sql;
import org.pgminicluster.session.Session;

/** A database that was made for the cluster, with all that came to be in it. */
record NewDatabase(Member maintenance, Member database) {

    private static final String SUBSCRIPTIONS = """
            SELECT quote_ident(s.subname) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
             WHERE d.datname = current_database()""";

    private static final String END = """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ? AND pid <> pg_backend_pid()""";

    /** Subscriptions of others' making, and slots of those who follow it, would keep it. */
    void drop() {
        String name = database.database();
        if (maintenance
                .look("SELECT 1 FROM pg_database WHERE datname = ?", name)
                .isEmpty()) {
            return;
        }
        try (Session session = database.session()) {
            for (String subscription :
                    session.recordedBy(event -> {}).query(SUBSCRIPTIONS).texts()) {
                session.execute("ALTER SUBSCRIPTION " + subscription + " DISABLE");
                session.execute("ALTER SUBSCRIPTION " + subscription + " SET (slot_name = NONE)");
                session.execute("DROP SUBSCRIPTION " + subscription);
            }
        }
        database.runtime().disconnect(database.name());
        maintenance.look(END, name);
        maintenance.awaitValue("SELECT count(*) FROM pg_stat_activity WHERE datname = " + Sql.literal(name), "0");
        maintenance.look(
                "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = ?", name);
        try (Session session = maintenance.session()) {
            session.execute("DROP DATABASE " + Sql.identifier(name));
        }
    }
}
