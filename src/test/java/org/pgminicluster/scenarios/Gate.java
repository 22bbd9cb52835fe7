package org.pgminicluster.scenarios;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.session.Session;

/**
 * Stops one row on its way into a table: whoever inserts it, the table sync and the apply worker too, waits in a trigger
 * until the gate is opened. It is how a scenario looks at a copy that is half done without hoping to be fast enough.
 */
final class Gate implements AutoCloseable {

    private final Node node;
    private final int id;
    private final Session keeper;

    private Gate(Node node, int id, Session keeper) {
        this.node = node;
        this.id = id;
        this.keeper = keeper;
    }

    /** A gate before the row of that id; two of them on one node need two ids. */
    static Gate closedBefore(int id, Node node, String table) {
        node.execute("""
                CREATE OR REPLACE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_catalog.pg_advisory_xact_lock_shared(NEW.id);
                    RETURN NEW;
                END $$""");
        node.execute("""
                CREATE TRIGGER gate_%2$d BEFORE INSERT ON %1$s
                FOR EACH ROW WHEN (NEW.id = %2$d) EXECUTE PROCEDURE wait_at_gate()""".formatted(table, id));
        node.execute("ALTER TABLE %s ENABLE ALWAYS TRIGGER gate_%d".formatted(table, id));
        Session keeper = node.session();
        keeper.query("SELECT pg_advisory_lock(?)", (long) id);
        return new Gate(node, id, keeper);
    }

    /** Waits until so many wait at the gate. */
    void awaitWaiting(int count) {
        node.cluster()
                .awaitValue(
                        node,
                        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = " + id
                                + " AND NOT granted",
                        count);
    }

    /** Lets everybody through, now and later. */
    void open() {
        keeper.query("SELECT pg_advisory_unlock(?)", (long) id);
    }

    @Override
    public void close() {
        keeper.close();
    }
}
