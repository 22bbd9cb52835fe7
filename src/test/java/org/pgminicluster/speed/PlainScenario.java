package org.pgminicluster.speed;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.testcontainers.containers.Network;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The homework scenario as a user of Testcontainers writes it, without this library. Its defaults are those of
 * Testcontainers and of PostgreSQL, but for {@code wal_level}, without which there is no logical replication; {@code
 * fsync=off} is a default of {@link PostgreSQLContainer} and stays.
 */
final class PlainScenario {

    private static final String SCHEMA = """
            CREATE TABLE test (id integer PRIMARY KEY, name text);
            CREATE TABLE test2 (id integer PRIMARY KEY, name text);
            CREATE FUNCTION refuse_write() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'Cannot modify table.';
            END $$;
            """;

    private static final String GUARD = """
            CREATE TRIGGER read_only_write BEFORE INSERT OR UPDATE OR DELETE ON %1$s
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_write();
            CREATE TRIGGER read_only_truncate BEFORE TRUNCATE ON %1$s
                FOR EACH STATEMENT EXECUTE FUNCTION refuse_write();
            """;

    private static final String SUBSCRIPTION = "CREATE SUBSCRIPTION %s CONNECTION"
            + " 'host=%s port=5432 dbname=rep user=test password=test' PUBLICATION %s";

    /** How the containers are started. */
    enum Way {
        /** Default settings, one container after another. */
        PLAIN,
        /** Default settings, all containers at once. */
        PARALLEL,
        /** All started and stopped at once, with what those who know PostgreSQL and Testcontainers well would set. */
        TUNED
    }

    private final Way way;
    private final DockerImageName image;
    private final int major;

    PlainScenario(Way way, String image, int major) {
        this.way = way;
        this.major = major;
        this.image = DockerImageName.parse(image).asCompatibleSubstituteFor("postgres");
    }

    Phases run() throws SQLException {
        long begun = System.nanoTime();
        long started;
        long converged;
        try (Network network = Network.newNetwork();
                PostgreSQLContainer vm1 = container(network, "vm1");
                PostgreSQLContainer vm2 = container(network, "vm2");
                PostgreSQLContainer vm3 = container(network, "vm3")) {
            List<PostgreSQLContainer> all = List.of(vm1, vm2, vm3);
            if (way == Way.PLAIN) {
                all.forEach(PostgreSQLContainer::start);
            } else {
                Startables.deepStart(all).join();
            }
            try (Connection on1 = connection(vm1);
                    Connection on2 = connection(vm2);
                    Connection on3 = connection(vm3)) {
                setUp(on1, on2, on3);
                started = System.nanoTime();
                execute(on1, "INSERT INTO test VALUES (1, 'one')");
                execute(on2, "INSERT INTO test2 VALUES (1, 'one')");
                awaitEqual("test", on1, on2, on3);
                awaitEqual("test2", on2, on1, on3);
                converged = System.nanoTime();
            }
            if (way == Way.TUNED) {
                all.parallelStream().forEach(PostgreSQLContainer::stop);
            }
        }
        return Phases.between(begun, started, converged, System.nanoTime());
    }

    private PostgreSQLContainer container(Network network, String name) {
        PostgreSQLContainer container = new PostgreSQLContainer(image)
                .withDatabaseName("rep")
                .withNetwork(network)
                .withNetworkAliases(name);
        List<String> command = new ArrayList<>(List.of("postgres", "-c", "fsync=off", "-c", "wal_level=logical"));
        if (way == Way.TUNED) {
            // The first is what the pacing of table synchronisation waits for; the others save what no test needs.
            for (String setting : List.of(
                    "wal_retrieve_retry_interval=20ms",
                    "synchronous_commit=off",
                    "full_page_writes=off",
                    "wal_writer_delay=1ms")) {
                command.addAll(List.of("-c", setting));
            }
            container
                    .withTmpFs(Map.of(major < 18 ? "/var/lib/postgresql/data" : "/var/lib/postgresql", "rw"))
                    .withEnv("POSTGRES_INITDB_ARGS", "--no-sync");
        }
        return container.withCommand(command.toArray(String[]::new));
    }

    private static Connection connection(PostgreSQLContainer container) throws SQLException {
        return DriverManager.getConnection(container.getJdbcUrl(), container.getUsername(), container.getPassword());
    }

    /** Subscriptions that cross are made one after the other: two at once would wait for each other. */
    private static void setUp(Connection vm1, Connection vm2, Connection vm3) throws SQLException {
        execute(vm1, SCHEMA + GUARD.formatted("test2") + "CREATE PUBLICATION test_pub FOR TABLE test");
        execute(vm2, SCHEMA + GUARD.formatted("test") + "CREATE PUBLICATION test2_pub FOR TABLE test2");
        execute(vm3, SCHEMA + GUARD.formatted("test") + GUARD.formatted("test2"));
        execute(vm1, SUBSCRIPTION.formatted("test2_sub", "vm2", "test2_pub"));
        execute(vm2, SUBSCRIPTION.formatted("test_sub", "vm1", "test_pub"));
        execute(vm3, SUBSCRIPTION.formatted("vm3_test_sub", "vm1", "test_pub"));
        execute(vm3, SUBSCRIPTION.formatted("vm3_test2_sub", "vm2", "test2_pub"));
    }

    private static void awaitEqual(String table, Connection source, Connection... copies) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    List<String> expected = rows(source, table);
                    for (Connection copy : copies) {
                        if (!rows(copy, table).equals(expected)) {
                            return false;
                        }
                    }
                    return true;
                });
    }

    private static List<String> rows(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT id, name FROM " + table + " ORDER BY id")) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(result.getInt(1) + "," + result.getString(2));
            }
            return rows;
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
