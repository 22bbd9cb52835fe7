package org.pgminicluster.cluster;

import java.util.List;
import org.pgminicluster.server.Address;

/** The homework as somebody types it, with a role and guards of their own. */
final class ByHand {

    static final String PASSWORD = "typed-by-hand";

    private static final List<String> TABLES = List.of(
            "CREATE TABLE test (id integer PRIMARY KEY, name text)",
            "CREATE TABLE test2 (id integer PRIMARY KEY, name text)");

    private static final String REFUSAL = "CREATE FUNCTION no_change() RETURNS trigger LANGUAGE plpgsql AS"
            + " $$ BEGIN RAISE EXCEPTION 'Cannot modify table.'; END $$";

    private final Installed servers;

    ByHand(Installed servers) {
        this.servers = servers;
    }

    void all() {
        databases("vm1", "vm2", "vm3");
        publish("vm1", "test_pub", "test");
        publish("vm2", "test2_pub", "test2");
        guard("vm1", "test2", true);
        guard("vm2", "test", true);
        guard("vm3", "test", true);
        guard("vm3", "test2", true);
        subscribe("vm1", "test2_sub", "vm2", "test2_pub");
        subscribe("vm2", "test_sub", "vm1", "test_pub");
        subscribe("vm3", "vm3_test_sub", "vm1", "test_pub");
        subscribe("vm3", "vm3_test2_sub", "vm2", "test2_pub");
        servers.each(node -> servers.servers()
                .awaitValue(node, "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate <> 'r'", 0));
    }

    /** One publication, one guard with the hole that the homework's has, one table missing, vm3 empty. */
    void half() {
        databases("vm1", "vm2");
        publish("vm1", "test_pub", "test");
        guard("vm2", "test", false);
        servers.on("vm2", "rep").execute("DROP TABLE test2");
        servers.on("vm3").execute("CREATE DATABASE rep");
    }

    private void databases(String... nodes) {
        for (String node : nodes) {
            servers.on(node).execute("CREATE DATABASE rep");
            TABLES.forEach(table -> servers.on(node, "rep").execute(table));
        }
    }

    private void publish(String node, String publication, String table) {
        Node database = servers.on(node, "rep");
        database.execute("CREATE ROLE repl LOGIN REPLICATION PASSWORD '" + PASSWORD + "'");
        database.execute("GRANT SELECT ON " + table + " TO repl");
        database.execute("CREATE PUBLICATION " + publication + " FOR TABLE " + table);
    }

    private void guard(String node, String table, boolean truncate) {
        Node database = servers.on(node, "rep");
        if (database.query("SELECT 1 FROM pg_proc WHERE proname = 'no_change'").isEmpty()) {
            database.execute(REFUSAL);
        }
        database.execute("CREATE TRIGGER no_change_" + table + " BEFORE INSERT OR UPDATE OR DELETE"
                + (truncate ? " OR TRUNCATE" : "") + " ON " + table
                + " FOR EACH STATEMENT EXECUTE PROCEDURE no_change()");
    }

    /** By another spelling of the address than the one by which this JVM gets there. */
    private void subscribe(String node, String subscription, String publisher, String publication) {
        Address address = servers.servers().node(publisher).address();
        servers.on(node, "rep")
                .execute("CREATE SUBSCRIPTION " + subscription + " CONNECTION 'host=localhost port=" + address.port()
                        + " dbname=rep user=repl password=" + PASSWORD + "' PUBLICATION " + publication);
    }
}
