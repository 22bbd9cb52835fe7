package org.pgminicluster.lab.check;

import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.Topology;

/** The homework made by hand, statement by statement, in a database of three servers that nothing was made on. */
final class HandMade {

    static final List<String> NODES = List.of("vm1", "vm2", "vm3");

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final MiniCluster cluster;
    private final String database;

    HandMade(MiniCluster cluster, String database) {
        this.cluster = cluster;
        this.database = database;
    }

    /** Servers and nothing on them; the publishers have a level of the WAL if it is said. */
    static MiniCluster servers(String name, Map<String, String> publishers) {
        Topology.Builder topology = Topology.named(name);
        for (String node : NODES) {
            topology.node(node, it -> {
                if (!node.equals("vm3")) {
                    publishers.forEach(it::setting);
                }
            });
        }
        return MiniCluster.of(topology.build()).bare().start();
    }

    /** Statements of which each is sent by itself. */
    HandMade on(String node, String... statements) {
        try (Session session = session(node, database)) {
            for (String statement : statements) {
                session.execute(statement);
            }
        }
        return this;
    }

    HandMade onAll(String... statements) {
        InParallel.map(NODES, node -> on(node, statements));
        return this;
    }

    /** On the database that every server has. */
    HandMade maintenance(String node, String statement) {
        try (Session session = session(node, "postgres")) {
            session.execute(statement);
        }
        return this;
    }

    HandMade createDatabases() {
        InParallel.map(NODES, node -> maintenance(node, "CREATE DATABASE " + database));
        return this;
    }

    HandMade createTables() {
        return onAll(
                "CREATE TABLE test (id integer PRIMARY KEY, name text)",
                "CREATE TABLE test2 (id integer PRIMARY KEY, name text)");
    }

    HandMade writeRows() {
        on("vm1", "INSERT INTO test VALUES (1, 'from vm1')");
        return on("vm2", "INSERT INTO test2 VALUES (2, 'from vm2')");
    }

    /** The whole guard. */
    HandMade guard(String node, String table) {
        return on(
                node,
                "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$BEGIN RAISE EXCEPTION 'Cannot modify table.'; END$$",
                "CREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON " + table
                        + " FOR EACH STATEMENT EXECUTE PROCEDURE refuse()",
                "CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON " + table
                        + " FOR EACH STATEMENT EXECUTE PROCEDURE refuse()");
    }

    HandMade publish(String node, String publication, String table) {
        return on(node, "CREATE PUBLICATION " + publication + " FOR TABLE " + table);
    }

    HandMade subscribe(String node, String subscription, String publisher, String publication) {
        return subscribe(node, subscription, publisher, publication, "");
    }

    /** @param more such as {@code WITH (copy_data = false)} */
    HandMade subscribe(String node, String subscription, String publisher, String publication, String more) {
        return on(
                node,
                "CREATE SUBSCRIPTION " + subscription + " CONNECTION '" + conninfo(node, publisher) + "' PUBLICATION "
                        + publication + " " + more);
    }

    /** With the superuser's password, as learners have it. */
    Conninfo conninfo(String from, String to) {
        return Conninfo.parse(cluster.node(from).conninfoTo(cluster.node(to), "x"))
                .with("dbname", database)
                .with("user", cluster.superuser().user())
                .with("password", cluster.superuser().password())
                .with("application_name", "hand_made");
    }

    /** All but vm4. */
    HandMade finished() {
        createDatabases().createTables().writeRows();
        guard("vm2", "test").guard("vm1", "test2");
        publish("vm1", "from_one", "test").publish("vm2", "from_two", "test2");
        subscribe("vm2", "m_two", "vm1", "from_one");
        subscribe("vm1", "m_one", "vm2", "from_two");
        subscribe("vm3", "m_three", "vm1", "from_one");
        subscribe("vm3", "m_four", "vm2", "from_two");
        await().atMost(PATIENCE).until(() -> NODES.stream().allMatch(this::streams));
        return this;
    }

    /** Every worker is there, and has copied all. */
    private boolean streams(String node) {
        try (Session session = session(node, database)) {
            return "t"
                    .equals(session.query("SELECT NOT EXISTS (SELECT FROM pg_subscription_rel WHERE srsubstate <> 'r')"
                                    + " AND NOT EXISTS (SELECT FROM pg_stat_subscription w JOIN pg_subscription s"
                                    + " ON s.oid = w.subid WHERE w.relid IS NULL AND w.pid IS NULL AND s.subdbid ="
                                    + " (SELECT oid FROM pg_database WHERE datname = current_database()))")
                            .value());
        }
    }

    /** Takes all of it away, so that the next homework on these servers finds nothing. Slots may be nobody's, or another's. */
    void drop() {
        for (String node : NODES) {
            try (Session session = session(node, database)) {
                for (String name : session.query("SELECT subname FROM pg_subscription WHERE subdbid ="
                                + " (SELECT oid FROM pg_database WHERE datname = current_database())")
                        .texts()) {
                    session.execute("ALTER SUBSCRIPTION " + name + " DISABLE");
                    session.execute("ALTER SUBSCRIPTION " + name + " SET (slot_name = NONE)");
                    session.execute("DROP SUBSCRIPTION " + name);
                }
            }
        }
        InParallel.map(NODES, node -> {
            await().atMost(PATIENCE).ignoreException(SqlFailedException.class).until(() -> isWithoutSlots(node));
            return maintenance(node, "DROP DATABASE " + database);
        });
    }

    private boolean isWithoutSlots(String node) {
        try (Session session = session(node, "postgres")) {
            session.query("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE database = '"
                    + database + "'");
            return true;
        }
    }

    Session session(String node, String name) {
        Node there = cluster.node(node);
        try {
            return new Session(
                    node,
                    name,
                    Connections.open(there.address(), name, cluster.superuser(), "by hand", PATIENCE, PATIENCE),
                    event -> {},
                    PATIENCE);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    CheckedNode node(String name) {
        return node(name, cluster.superuser().user(), cluster.superuser().password());
    }

    CheckedNode node(String name, String user, String password) {
        return new CheckedNode(
                name, cluster.node(name).address(), user, database, true, password, Map.of("sslmode", "disable"));
    }

    CheckResult check() {
        return check(false);
    }

    CheckResult check(boolean readOnly) {
        return new HomeworkCheck(readOnly, node -> Optional.empty())
                .run(NODES.stream().map(this::node).toList());
    }

    /** Each point with its verdict, such as {@code guard(vm2, test)} and {@code done}. */
    static Map<String, String> verdicts(CheckResult result) {
        return result.points().stream()
                .collect(Collectors.toMap(
                        HandMade::name,
                        point -> point.verdict().word(),
                        (one, other) -> one + "+" + other,
                        TreeMap::new));
    }

    static String name(Point point) {
        return point.id() + (point.values().isEmpty() ? "" : "(" + String.join(", ", point.values()) + ")");
    }

    /** The points that are not done, but for those which no test here can have done. */
    static List<String> open(CheckResult result) {
        return result.points().stream()
                .filter(point -> point.verdict() != Judgement.DONE)
                .filter(point -> !point.id().equals("standby") && !point.id().equals("backup"))
                .map(HandMade::name)
                .toList();
    }

    static List<String> ids(CheckResult result, Judgement verdict) {
        return findings(result)
                .filter(it -> it.verdict() == verdict)
                .map(Finding::id)
                .toList();
    }

    private static Stream<Finding> findings(CheckResult result) {
        return result.points().stream().flatMap(point -> point.findings().stream());
    }
}
