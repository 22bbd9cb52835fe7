package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The homework, typed on bare servers with nothing but what {@code practice} has printed. */
@Order(2)
class PracticeIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final String SCHEMA = """
            CREATE TABLE test (id integer PRIMARY KEY, name text);
            CREATE TABLE test2 (id integer PRIMARY KEY, name text);
            CREATE FUNCTION do_not_change() RETURNS trigger LANGUAGE plpgsql
                AS $$ BEGIN RAISE EXCEPTION 'Cannot modify table.'; END $$;
            """;

    private static final String GUARD = """
            CREATE TRIGGER no_change BEFORE INSERT OR UPDATE OR DELETE OR TRUNCATE ON %s
                EXECUTE PROCEDURE do_not_change();
            """;

    private static final String PUBLISH = """
            INSERT INTO %1$s VALUES (1, 'before');
            CREATE PUBLICATION %1$s_pub FOR TABLE %1$s;
            GRANT SELECT ON %1$s TO replicator;
            """;

    @TempDir
    Path directory;

    /** In this JVM, since a new one for each of so many commands takes most of the time. */
    private Cli minicluster;

    @BeforeEach
    void commandLine() {
        minicluster = new Cli(directory);
    }

    private Cli.Result practice(String... options) {
        Cli.Result practice = new Launcher(directory).practice(options);
        assertThat(practice.exit()).as("%s", practice).isZero();
        return practice;
    }

    @AfterEach
    void down() {
        minicluster.run("down");
    }

    private Cli.Result ok(String... args) {
        Cli.Result result = minicluster.run(args);
        assertThat(result.exit()).as("%s: %s", Arrays.toString(args), result).isZero();
        return result;
    }

    /** Types statements on a node, in a database. */
    private void type(String node, String database, String statements) {
        try {
            Path file = Files.writeString(directory.resolve("typed.sql"), statements);
            ok("sql", node, "--no-psql", "-d", database, "-f", file.toString());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .toList();
    }

    /** What a query says, a value a row, in the first column; through an address as it was printed. */
    private List<String> ask(String url, String database, String query) throws SQLException, IOException {
        String password = Files.readString(minicluster.directory().passfile())
                .lines()
                .findFirst()
                .orElseThrow()
                .replaceAll(".*:", "");
        try (Connection connection = DriverManager.getConnection(
                        url.replace("/postgres?", "/" + database + "?"), "postgres", password);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) {
                values.add(rows.getString(1));
            }
            return values;
        }
    }

    /** The points that a check does not call done. */
    private List<String> open() {
        try {
            List<String> open = new ArrayList<>();
            for (JsonNode point : Printer.JSON
                    .readTree(minicluster.run("check", "--json").out())
                    .get("points")) {
                if (!point.get("verdict").asText().equals("done")) {
                    open.add(point.get("id").asText());
                }
            }
            return open;
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void awaitRows(String url, String query, String... values) {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(100))
                .ignoreExceptionsInstanceOf(SQLException.class)
                .untilAsserted(() -> assertThat(ask(url, "rep", query)).containsExactly(values));
    }

    @Test
    void the_homework_can_be_typed_on_bare_servers() throws Exception {
        Cli.Result practice = practice();
        List<String> urls = found("jdbc:postgresql://\\S+", practice.out());
        List<String> peers = found("host=\\S+ port=\\d+(?= +│)", practice.out());
        assertThat(urls).hasSize(4);
        assertThat(peers).hasSize(4);
        for (String url : urls) {
            assertThat(ask(
                            url,
                            "postgres",
                            "SELECT name || ' ' || setting FROM pg_settings WHERE sourcefile IS NULL AND source <> 'default'"
                                    + " AND name IN ('wal_level', 'max_wal_senders', 'fsync', 'max_connections',"
                                    + " 'wal_retrieve_retry_interval', 'log_line_prefix', 'password_encryption')"))
                    .isEmpty();
            assertThat(ask(url, "postgres", "SHOW wal_level")).containsExactly("replica");
            assertThat(ask(url, "postgres", "SELECT datname FROM pg_database ORDER BY 1"))
                    .containsExactly("postgres", "template0", "template1");
            assertThat(ask(url, "postgres", "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_'"))
                    .containsExactly("postgres");
        }

        assertThat(open()).doesNotContain("servers").contains("database", "wal-level", "tables", "standby");

        String letIn = String.join("\n", found("COPY \\(SELECT .*;|SELECT pg_reload_conf\\(\\);", practice.out()))
                .replace("ROLE", "replicator");
        for (String node : List.of("vm1", "vm2", "vm3")) {
            type(node, "postgres", """
                    ALTER SYSTEM SET wal_level = logical;
                    ALTER SYSTEM SET wal_retrieve_retry_interval = '100ms';
                    CREATE ROLE replicator LOGIN REPLICATION PASSWORD 'typed';
                    CREATE DATABASE rep;
                    """ + letIn);
            assertThat(ok("restart", node).out()).containsPattern("(?m)^" + node + " runs at \\S+:\\d+\\.$");
        }
        // In containers another port is published after a restart.
        urls = found("jdbc:postgresql://\\S+", minicluster.run("practice").out());
        assertThat(ask(urls.get(0), "postgres", "SHOW wal_level")).containsExactly("logical");
        assertThat(open()).doesNotContain("database", "wal-level").contains("tables", "publication");

        type("vm1", "rep", SCHEMA + GUARD.formatted("test2") + PUBLISH.formatted("test"));
        type("vm2", "rep", SCHEMA + GUARD.formatted("test") + PUBLISH.formatted("test2"));
        type("vm3", "rep", SCHEMA + GUARD.formatted("test") + GUARD.formatted("test2"));
        assertThat(open()).doesNotContain("tables", "publication").contains("subscription", "collector", "slots");
        subscribe("vm1", "test2_sub", peers.get(1), "test2_pub");
        subscribe("vm2", "test_sub", peers.get(0), "test_pub");
        subscribe("vm3", "vm3_test_sub", peers.get(0), "test_pub");
        subscribe("vm3", "vm3_test2_sub", peers.get(1), "test2_pub");
        type("vm1", "rep", "INSERT INTO test VALUES (2, 'after');\n");
        type("vm2", "rep", "INSERT INTO test2 VALUES (2, 'after');\n");
        for (String url : urls.subList(0, 3)) {
            awaitRows(url, "SELECT id || name FROM test ORDER BY id", "1before", "2after");
            awaitRows(url, "SELECT id || name FROM test2 ORDER BY id", "1before", "2after");
        }
        Cli.Result direct = minicluster.run("sql", "vm2", "-d", "rep", "-c", "DELETE FROM test");
        assertThat(direct.exit()).isEqualTo(1);
        assertThat(direct.out()).contains("ERROR:  Cannot modify table.\n");

        await().atMost(PATIENCE).untilAsserted(() -> assertThat(open()).containsExactly("standby"));

        type("vm3", "postgres", letIn.replace("host rep", "host replication"));
        type("vm3", "postgres", "SELECT pg_create_physical_replication_slot('vm4');\n");
        Cli.Result standby = ok("basebackup", "vm4", peers.get(2) + " user=replicator password=typed", "vm4");
        assertThat(standby.out())
                .containsPattern("\\$ .*pg_basebackup .*password=\\*\\*\\*")
                .containsPattern("(?m)^vm4 is a standby of vm3 now, by ");
        urls = found("jdbc:postgresql://\\S+", minicluster.run("practice").out());
        type("vm2", "rep", "INSERT INTO test2 VALUES (3, 'through');\n");
        awaitRows(urls.get(3), "SELECT id || name FROM test2 ORDER BY id", "1before", "2after", "3through");
        Cli.Result written = minicluster.run("sql", "vm4", "-d", "rep", "-c", "INSERT INTO test VALUES (4, 'x')");
        assertThat(written.out()).contains("ERROR:  cannot execute INSERT in a read-only transaction\n");
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(open()).isEmpty());
        ok("check");

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(ok("status").out())
                        .containsPattern("(?m)^vm4 +standby ")
                        .containsPattern("(?m)^vm1 +test2_sub +vm2 +test2_sub +\\d+ B +streaming")
                        .containsPattern("(?m)^vm3 +vm3_test2_sub +vm2 +vm3_test2_sub +\\d+ B +streaming")
                        .containsPattern("(?m)^vm4 +\\(standby\\) +vm3 +vm4 +\\d+ B +streaming")
                        .contains("Healthy."));

        assertThat(Servers.named(ok("down"))).hasSizeGreaterThan(1).noneMatch(Servers::exist);
        assertThat(minicluster.directory().stateFile()).doesNotExist();
        assertThat(minicluster.directory().passfile()).doesNotExist();
    }

    private void subscribe(String node, String name, String publisher, String publication) {
        type(
                node,
                "rep",
                "CREATE SUBSCRIPTION " + name + " CONNECTION '" + publisher
                        + " dbname=rep user=replicator password=typed' PUBLICATION " + publication + ";\n");
    }

    @Test
    void bare_servers_are_healthy_and_their_files_are_for_people_to_edit() throws Exception {
        Cli.Result practice = practice("--lang", "ru");
        assertThat(practice.out()).contains("\nДомашняя работа\n", "│      для других узлов: host=");
        List<String> peers = found("host=\\S+ port=\\d+(?= +│)", practice.out());

        Cli.Result status = ok("status");
        assertThat(status.out())
                .startsWith("practice: PostgreSQL ")
                .containsPattern("(?m)^vm4 +running ")
                .contains("Healthy.");
        assertThat(minicluster.run("up").err())
                .contains("expected no other cluster to be up, but was practice: PostgreSQL ");

        assertThat(minicluster.run("fault", "isolate", "vm1").err())
                .isEqualTo(
                        "minicluster: expected pg_hba.conf of each node to be this cluster's when vm1 is isolated, but"
                                + " was as installed, for people to edit; stop or pause vm1 instead\n");
        assertThat(minicluster
                        .run("basebackup", "vm4", "postgresql://vm3/rep", "vm4")
                        .err())
                .isEqualTo(
                        "minicluster: expected CONNINFO to be pairs such as 'host=... port=... user=...', but was not;"
                                + " minicluster practice shows by which host and port nodes reach each other\n");
        assertThat(minicluster.run("basebackup", "vm4", peers.get(3), "vm4").err())
                .contains(", which is vm4 itself; minicluster practice shows by which host and port");
        assertThat(minicluster.run("basebackup", "vm4", peers.get(2), "vm4").err())
                .isEqualTo("minicluster: expected the slot vm4 of vm3 to be a physical one, but there is none; SELECT"
                        + " pg_create_physical_replication_slot('vm4') makes one there\n");

        ok("fault", "stop", "vm2");
        assertThat(ok("restart", "vm2").out()).containsPattern("(?m)^vm2 runs at \\S+:\\d+\\.$");
        assertThat(ok("fault", "list").out()).isEqualTo("Nothing is broken.\n");
        assertThat(minicluster.run("practice").out())
                .startsWith("A cluster is up already; minicluster down ends it.\n")
                .contains("\nThe homework\n");
        assertThat(ok("report", "up").out()).startsWith("Report: ");
    }
}
