package org.pgminicluster.cluster;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.attached.Attached;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** Three servers as somebody has them who has just installed PostgreSQL, with the homework's names and nothing on them. */
final class Installed implements AutoCloseable {

    private static final List<String> OF_A_SERVER = List.of(
            "SELECT datname FROM pg_database ORDER BY 1",
            "SELECT rolname FROM pg_roles ORDER BY 1",
            "SELECT slot_name FROM pg_replication_slots ORDER BY 1",
            "SELECT name || '=' || setting FROM pg_file_settings ORDER BY 1");

    private static final List<String> OF_A_DATABASE = List.of(
            "SELECT relname || ' ' || relkind::text || ' ' || "
                    // What the owner has anyway is written down when others have been granted something, and stays.
                    + "regexp_replace(coalesce(relacl::text, ''), '^.postgres=[a-zA-Z]+/postgres.$', '') FROM pg_class"
                    + " WHERE relnamespace = 'public'::regnamespace ORDER BY 1",
            "SELECT nspname || ' ' || coalesce(nspacl::text, '') FROM pg_namespace WHERE nspname !~ '^pg_' ORDER BY 1",
            "SELECT tgname || ' ' || tgrelid::regclass FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1",
            "SELECT oid::regprocedure::text FROM pg_proc WHERE oid >= 16384 ORDER BY 1",
            "SELECT evtname::text FROM pg_event_trigger ORDER BY 1",
            "SELECT pubname || ' ' || tablename FROM pg_publication_tables ORDER BY 1",
            "SELECT subname || ' ' || subenabled || ' ' || subconninfo FROM pg_subscription ORDER BY 1",
            "SELECT query_to_xml('SELECT * FROM ' || tablename || ' ORDER BY 1', false, true, '')::text"
                    + " FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename");

    private final MiniCluster servers;

    private Installed(MiniCluster servers) {
        this.servers = servers;
    }

    /** They let everybody in who has a password, and publish. */
    static Installed start(String name) {
        return start(name, HomeworkTopology.create());
    }

    /** The same with the names and the majors of other nodes. */
    static Installed start(String name, Topology nodes) {
        Installed installed =
                new Installed(MiniCluster.of(nodes).name(name).asInstalled().start());
        try {
            installed.each(node -> {
                node.member().server().replaceHba(List.of("host all all all scram-sha-256"));
                node.execute("ALTER SYSTEM SET wal_level = logical");
                // What an apply worker waits for is what a test waits for.
                node.execute("ALTER SYSTEM SET wal_retrieve_retry_interval = '50ms'");
                node.execute("ALTER SYSTEM SET password_encryption = 'scram-sha-256'");
                node.restart();
                node.in("postgres").execute("DROP DATABASE rep");
            });
            return installed;
        } catch (RuntimeException e) {
            installed.close();
            throw e;
        }
    }

    /** Through the database that is always there. */
    Node on(String name) {
        return servers.node(name).in("postgres");
    }

    Node on(String name, String database) {
        return servers.node(name).in(database);
    }

    MiniCluster servers() {
        return servers;
    }

    void each(Consumer<Node> action) {
        servers.nodes().forEach(action);
    }

    /** All of a server that a cluster could make, in words. */
    String traces(String name) {
        Node server = on(name);
        StringBuilder traces = new StringBuilder(name);
        OF_A_SERVER.forEach(
                sql -> traces.append('\n').append(server.member().look(sql).texts()));
        if (server.member()
                        .look("SELECT 1 FROM pg_database WHERE datname = 'rep'")
                        .size()
                > 0) {
            Node database = on(name, "rep");
            OF_A_DATABASE.forEach(sql ->
                    traces.append('\n').append(database.member().look(sql).texts()));
            database.member().disconnect();
        }
        return traces.toString();
    }

    String traces() {
        return servers.nodes().stream().map(node -> traces(node.name())).collect(Collectors.joining("\n"));
    }

    /** Takes away whatever is on them. */
    void wipe() {
        each(node -> {
            if (node.in("postgres")
                    .query("SELECT 1 FROM pg_database WHERE datname = 'rep'")
                    .isEmpty()) {
                return;
            }
            for (String subscription : node.query("SELECT quote_ident(subname) FROM pg_subscription")
                    .texts()) {
                node.execute("ALTER SUBSCRIPTION " + subscription + " DISABLE");
                node.execute("ALTER SUBSCRIPTION " + subscription + " SET (slot_name = NONE)");
                node.execute("DROP SUBSCRIPTION " + subscription);
            }
        });
        each(node -> {
            Node server = node.in("postgres");
            node.member().disconnect();
            server.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'rep'");
            server.member().awaitValue("SELECT count(*) FROM pg_stat_activity WHERE datname = 'rep'", "0");
            server.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots");
            server.execute("DROP DATABASE IF EXISTS rep");
            server.query("SELECT quote_ident(rolname) FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'postgres'")
                    .texts()
                    .forEach(role -> server.execute("DROP ROLE " + role));
        });
    }

    String password() {
        return servers.superuser().password();
    }

    Attached attached(String name) {
        Address address = servers.node(name).address();
        return Attached.at(address.host(), address.port()).password(password());
    }

    Map<String, Attached> attached() {
        Map<String, Attached> attached = new LinkedHashMap<>();
        servers.nodes().forEach(node -> attached.put(node.name(), attached(node.name())));
        return attached;
    }

    @Override
    public void close() {
        servers.close();
    }
}
