package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.session.SqlNotice;
import org.pgminicluster.session.SqlResult;
import org.pgminicluster.session.SqlResults;

/** Statements on a node: what comes of them, and how they fail. */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.cluster.SmallTopologies#alone")
class StatementIT {

    @Test
    void a_statement_that_takes_too_long_is_ended_and_the_session_goes_on(Node vm1) {
        try (Session session = vm1.member().session(Duration.ofSeconds(1))) {
            assertThatThrownBy(() -> session.execute("SELECT pg_sleep(600)"))
                    .isInstanceOfSatisfying(
                            SqlFailedException.class,
                            e -> assertThat(e.sqlState()).isEqualTo("57014"))
                    .hasMessage("vm1 refused \"SELECT pg_sleep(600)\": ERROR: canceling statement due to user request"
                            + " (it took longer than the 1.0 s that a statement may take here; more with"
                            + " -Dminicluster.timeout.scale)");

            assertThat(session.query("SELECT 1").number()).isEqualTo(1);
        }
    }

    @Test
    void a_refusal_carries_all_that_the_server_said(MiniCluster cluster, Node vm1) {
        vm1.execute("CREATE FUNCTION refuse() RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'"
                + " USING ERRCODE = 'P1234', DETAIL = 'the detail', HINT = 'the hint'; END $$");

        SqlFailedException refusal = catchThrowableOfType(SqlFailedException.class, () -> vm1.query("SELECT refuse()"));

        assertThat(refusal.node()).isEqualTo("vm1");
        assertThat(refusal.sqlState()).isEqualTo("P1234");
        assertThat(refusal.serverMessage()).isEqualTo("no");
        assertThat(refusal.detail()).isEqualTo("the detail");
        assertThat(refusal.hint()).isEqualTo("the hint");
        Entry last = cluster.journal().lastStatements("vm1", 1).get(0);
        assertThat(((Event.Sql) last.event()).result())
                .isEqualTo(new Event.Failed("P1234", "no", "the detail", "the hint"));
    }

    @Test
    void values_are_bound_and_without_any_a_question_mark_is_an_operator(Node vm1) {
        assertThat(vm1.execute("INSERT INTO test VALUES (?, ?), (?, ?)", 1, "it's \\ \"x\"", 2, null))
                .isEqualTo(2);
        assertThat(vm1.copyIn("COPY test FROM STDIN (FORMAT csv)", "3,three\n4,\n"))
                .isEqualTo(2);

        assertThat(vm1.table("test").rows().values())
                .containsExactly(Row.of(1, "it's \\ \"x\""), Row.of(2, null), Row.of(3, "three"), Row.of(4, null));
        assertThat(vm1.query("SELECT '{\"a\": 1}'::jsonb ? 'a'").value()).isEqualTo("t");
        assertThat(vm1.query("SELECT true, ARRAY[1, NULL], 1.50, NULL, 'ünï'").values())
                .containsExactly(Row.of(true, "{1,NULL}", "1.50", null, "ünï"));
    }

    @Test
    void each_of_several_statements_has_a_result_and_what_the_server_said_is_there(MiniCluster cluster, Node vm1) {
        SqlResults results = vm1.run("""
                INSERT INTO test VALUES (1, 'one; two'), (2, NULL);
                DO $$ BEGIN RAISE NOTICE 'a; word' USING DETAIL = 'more of it', HINT = 'none'; RAISE WARNING 'and'; END $$;
                SELECT count(*) AS n FROM test WHERE name IS NULL;
                SELECT 1 WHERE false; DELETE FROM test""");

        assertThat(results.each())
                .containsExactly(
                        new SqlResult(null, 2),
                        new SqlResult(null, 0),
                        new SqlResult(new Rows(List.of("n"), List.of(Row.of(1))), 1),
                        new SqlResult(new Rows(List.of("?column?"), List.of()), 0),
                        new SqlResult(null, 2));
        assertThat(results.each().get(2).rows().number()).isEqualTo(1);
        assertThatThrownBy(() -> results.each().get(4).rows())
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("expected the statement to return rows, but it touched 2; ask for its count");
        assertThat(results.notices())
                .containsExactly(
                        new SqlNotice("NOTICE", "00000", "a; word", "more of it", "none"),
                        new SqlNotice("WARNING", "01000", "and", null, null));
        assertThat(results.notices().get(0)).hasToString("NOTICE:  a; word\nDETAIL:  more of it\nHINT:  none");
        assertThat(cluster.journal().lastStatements("vm1", 5))
                .extracting(entry -> ((Event.Sql) entry.event()).sql(), entry -> ((Event.Sql) entry.event()).result())
                .contains(
                        tuple("SELECT 1 WHERE false", new Event.Selected(new Rows(List.of("?column?"), List.of()))),
                        tuple("DELETE FROM test", new Event.Done(2)));
        assertThat(cluster.journal().entries())
                .extracting(Entry::event)
                .contains(new Event.Observation("WARNING", "and"));
    }

    @Test
    void of_several_statements_none_is_done_if_one_is_refused(MiniCluster cluster, Node vm1) {
        String sql = "INSERT INTO test VALUES (1, 'one'); DO $$ BEGIN RAISE NOTICE 'so far'; END $$; SELECT 1 / 0";

        SqlFailedException refusal = catchThrowableOfType(SqlFailedException.class, () -> vm1.run(sql));

        assertThat(refusal.sqlState()).isEqualTo("22012");
        assertThat(vm1.table("test").count()).isZero();
        assertThat(cluster.journal().entries())
                .extracting(Entry::event)
                .contains(new Event.Observation("NOTICE", "so far"));
        assertThat(vm1.run("-- nothing").each()).isEmpty();
    }

    @Test
    void a_statement_that_returns_no_rows_is_no_query(Node vm1) {
        assertThatThrownBy(() -> vm1.query("DELETE FROM test"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected \"DELETE FROM test\" to return rows, but it returned none; use execute");
    }

    @Test
    void a_connection_that_was_lost_fails_one_statement_and_is_replaced(Node vm1) {
        String pid = String.valueOf(vm1.query("SELECT pg_backend_pid()").value());
        try (Session other = vm1.session()) {
            other.query("SELECT pg_terminate_backend(?)", Integer.parseInt(pid));
        }

        assertThat(vm1.attempt("SELECT 1"))
                .hasValueSatisfying(lost -> assertThat(lost.sqlState()).isEqualTo("57P01"));
        assertThat(vm1.query("SELECT 1").number()).isEqualTo(1);
    }

    @Test
    void stopping_a_node_ends_what_goes_on_there(MiniCluster cluster, Node vm1) throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<String> state = CompletableFuture.supplyAsync(() -> {
            begun.countDown();
            return vm1.attempt("SELECT pg_sleep(600)")
                    .map(SqlFailedException::sqlState)
                    .orElse("carried out");
        });
        begun.await();
        cluster.awaitValue(vm1, "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'", 1);

        vm1.stop(StopMode.FAST);

        assertThat(state.get(30, TimeUnit.SECONDS)).isEqualTo("57P01");
        assertThat(vm1.isRunning()).isFalse();
        vm1.start();
        assertThat(vm1.query("SELECT 1").number()).isEqualTo(1);
    }

    @Test
    void killing_a_node_fails_what_goes_on_there(MiniCluster cluster, Node vm1) throws Exception {
        CompletableFuture<Boolean> lost = CompletableFuture.supplyAsync(() -> vm1.attempt("SELECT pg_sleep(600)")
                .map(SqlFailedException::isConnectionLost)
                .orElse(false));
        cluster.awaitValue(vm1, "SELECT count(*) FROM pg_stat_activity WHERE query = 'SELECT pg_sleep(600)'", 1);

        vm1.kill();

        assertThat(lost.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(vm1.attempt("SELECT 1")).isPresent();
        vm1.start();
        assertThat(vm1.query("SELECT 1").number()).isEqualTo(1);
    }
}
