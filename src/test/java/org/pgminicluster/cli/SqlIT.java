package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cli.wire.SqlConnection;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.topology.Topology;

/** Statements over a connection of the command line's own: what is told of them, and what the journal has. */
@MiniClusterTest
@TopologyFrom("alone")
class SqlIT {

    static Topology alone() {
        return Topology.named("alone").node("vm1").build();
    }

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private static SqlConnection open(Node node, Duration timeout) {
        return SqlConnection.open(
                node.name(), node.address(), node.database(), node.cluster().superuser(), timeout);
    }

    private boolean send(SqlConnection connection, Node node, String sql, boolean json) {
        Terminal terminal = Terminal.elsewhere(new Request("", List.of(), 80, false, false, true), out, err);
        SqlAnswer answer = new SqlAnswer(
                node.database(), sql, node.member().recorder(), terminal, ResultPrinter.on(terminal, json));
        if (connection.send(sql, answer)) {
            answer.tookTooLong(1);
        }
        terminal.out().flush();
        return !answer.isFailed();
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void of_statements_that_are_sent_the_one_that_took_too_long_is_noted(MiniCluster cluster, Node vm1) {
        try (SqlConnection connection = open(vm1, Duration.ofSeconds(1))) {
            assertThat(send(connection, vm1, "SELECT 1; SELECT pg_sleep(600)", false))
                    .isFalse();
            assertThat(text(out))
                    .isEqualTo(" ?column?\n----------\n        1\n(1 row)\n"
                            + "ERROR:  canceling statement due to user request\n");
            assertThat(text(err))
                    .isEqualTo("NOTE:  it took longer than the 1.0 s that a statement may take here; more with"
                            + " -Dminicluster.timeout.scale\n");
            assertThat(cluster.journal().lastStatements("vm1", 1).get(0).event())
                    .isInstanceOfSatisfying(
                            Event.Sql.class, sql -> assertThat(sql.sql()).isEqualTo("SELECT pg_sleep(600)"));
            out.reset();

            assertThat(send(connection, vm1, "SELECT 2 AS again", true)).isTrue();
            assertThat(text(out))
                    .isEqualTo("{\"kind\":\"rows\",\"rows\":{\"columns\":[\"again\"],\"values\":[[\"2\"]]}}\n");
        }
    }

    @Test
    void a_session_lasts_and_so_does_its_transaction(Node vm1) {
        try (SqlConnection connection = open(vm1, Duration.ofSeconds(30))) {
            assertThat(send(connection, vm1, "BEGIN; CREATE TABLE t (a text)", false))
                    .isTrue();
            assertThat(send(
                            connection,
                            vm1,
                            "INSERT INTO t VALUES (NULL), (''), (E'\\u00e9\\t\\x1b[31m') RETURNING a",
                            false))
                    .isTrue();
            assertThat(send(connection, vm1, "ROLLBACK; SELECT to_regclass('t')", false))
                    .isTrue();
        }
        assertThat(text(out)).isEqualTo("""
                BEGIN
                CREATE TABLE
                        a
                ------------------


                 é       \\x1B[31m
                (3 rows)
                INSERT 0 3
                ROLLBACK
                 to_regclass
                -------------

                (1 row)
                """);
    }

    @Test
    void an_error_in_the_middle_of_rows_ends_them(Node vm1) {
        String sql = "SELECT 1 / (3 - i) FROM generate_series(1, 5) i";
        try (SqlConnection connection = open(vm1, Duration.ofSeconds(30))) {
            send(connection, vm1, sql, false);
            assertThat(text(out)).isEqualTo("ERROR:  division by zero\n");
            out.reset();

            send(connection, vm1, sql, true);
            assertThat(text(out).lines())
                    .allSatisfy(line ->
                            assertThat(Printer.JSON.readTree(line).isObject()).isTrue())
                    .last()
                    .asString()
                    .contains("\"sqlState\":\"22012\"");
        }
    }

    @Test
    void of_a_great_result_the_journal_has_the_begin(MiniCluster cluster, Node vm1) {
        try (SqlConnection connection = open(vm1, Duration.ofSeconds(30))) {
            send(connection, vm1, "SELECT i AS number FROM generate_series(1, 200000) i", false);
        }

        assertThat(text(out).lines().toList())
                .hasSize(200_003)
                .startsWith(" number", "--------", "      1")
                .endsWith(" 200000", "(200000 rows)");
        List<Entry> journal = cluster.journal().entries();
        assertThat(journal.get(journal.size() - 2).event())
                .isInstanceOfSatisfying(
                        Event.Sql.class,
                        sql -> assertThat(sql.result())
                                .isInstanceOfSatisfying(
                                        Event.Selected.class,
                                        selected -> assertThat(selected.rows().size())
                                                .isBetween(1000, 50_000)));
        assertThat(journal.get(journal.size() - 1).event())
                .isEqualTo(new Event.Observation(
                        "NOTE", "the result above had 200000 rows, of which the journal has the begin alone"));
    }

    @Test
    void a_connection_that_is_lost_is_told_and_is_closed(Node vm1) {
        try (SqlConnection connection = open(vm1, Duration.ofSeconds(30))) {
            vm1.kill();

            assertThatThrownBy(() -> send(connection, vm1, "SELECT 1", false))
                    .isInstanceOf(MiniClusterException.class)
                    .hasMessageMatching("expected the connection to vm1 to last until all was answered, but was lost"
                            + " \\(.*\\); what was begun in it is undone");
            assertThat(connection.isClosed()).isTrue();
        }
    }

    @Test
    void who_is_not_let_in_is_told_why(Node vm1) {
        assertThatThrownBy(() -> SqlConnection.open(
                        "vm1", vm1.address(), vm1.database(), new Credentials("nobody", "x"), Duration.ofSeconds(30)))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected vm1 to let its superuser in, but did not: password authentication failed for user"
                        + " \"nobody\"; see minicluster status");
    }
}
