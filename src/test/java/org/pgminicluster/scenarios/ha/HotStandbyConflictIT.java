package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.session.RunningStatement;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.topology.Topology;
import org.pgminicluster.wait.Seen;

/**
 * A long query on vm4 still sees rows that vm3 has deleted and vacuumed. Either replay waits for the query or the query
 * is cancelled, or vm3 is told of it and keeps the rows.
 *
 * @see <a href="https://www.postgresql.org/docs/13/hot-standby.html#HOT-STANDBY-CONFLICT">Handling Query Conflicts</a>
 */
@MiniClusterTest
@RequiresStandbys
class HotStandbyConflictIT {

    private static final String LONG_QUERY = "SELECT count(*), pg_sleep(25) FROM own";
    private static final String SIZE = "SELECT pg_relation_size('own')";
    private static final String RUNNING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";

    static Topology impatient() {
        return Trio.vm4(Trio.one("impatient standby"))
                .setting("max_standby_streaming_delay", "100ms")
                .of("vm3")
                .build();
    }

    static Topology telling() {
        return Trio.vm4(Trio.one("standby that tells"))
                .setting("max_standby_streaming_delay", "100ms")
                .setting("hot_standby_feedback", "on")
                .of("vm3")
                .build();
    }

    private static void rows(MiniCluster cluster, Node vm3, Node vm4) {
        vm3.execute("CREATE TABLE own AS SELECT generate_series(1, 100) AS id");
        cluster.standbys().awaitReplayed(vm4);
    }

    @Test
    @Behaviour("mon-conflicts-views")
    @TopologyFrom("impatient")
    void a_query_that_needs_vacuumed_rows_is_cancelled(MiniCluster cluster, Node vm3, Node vm4) {
        rows(cluster, vm3, vm4);

        try (RunningStatement query = vm4.executeInBackground(LONG_QUERY)) {
            cluster.awaitValue(vm4, RUNNING, 1);
            vm3.execute("DELETE FROM own");
            vm3.execute("VACUUM own");
            assertThat(vm3).query(SIZE).hasValue(0);

            SqlFailedException refusal = catchThrowableOfType(SqlFailedException.class, query::await);
            assertThat(refusal.sqlState()).isEqualTo("40001");
            assertThat(refusal.serverMessage()).isEqualTo("canceling statement due to conflict with recovery");
            assertThat(refusal.detail())
                    .isEqualTo("User query might have needed to see row versions that must be removed.");
        }
        cluster.standbys().awaitReplayed(vm4);
        assertThat(vm4).table("own").isEmpty();
        // Replay signals again every 5 ms until the query has ended, and each signal that is taken counts.
        cluster.awaitValue(
                vm4,
                "SELECT confl_snapshot > 0 FROM pg_stat_database_conflicts WHERE datname = current_database()",
                true);
    }

    @Test
    @Behaviour("phys-feedback-sets-slot-xmin")
    @TopologyFrom("telling")
    void with_hot_standby_feedback_vm3_keeps_the_rows_that_the_query_needs(MiniCluster cluster, Node vm3, Node vm4) {
        rows(cluster, vm3, vm4);
        cluster.awaitValue(vm3, "SELECT xmin IS NOT NULL FROM pg_replication_slots WHERE slot_name = 'vm4'", true);

        try (RunningStatement query = vm4.executeInBackground(LONG_QUERY)) {
            cluster.awaitValue(vm4, RUNNING, 1);
            vm3.execute("DELETE FROM own");
            vm3.execute("VACUUM own");
            assertThat(vm3).query(SIZE).hasValue(8192);
            vm3.execute("INSERT INTO own VALUES (101)");
            cluster.standbys().awaitReplayed(vm4);

            assertThat(vm4).table("own").hasRows(row(101));
            assertThat(query.isDone()).as("the query goes on").isFalse();
        }
        assertThat(vm4)
                .query("SELECT confl_snapshot FROM pg_stat_database_conflicts WHERE datname = current_database()")
                .hasValue(0);
    }

    @Test
    @Behaviour("phys-pause-resume")
    @TopologyFrom("impatient")
    void while_replay_is_paused_rows_come_and_are_not_seen(MiniCluster cluster, Node vm3, Node vm4) {
        rows(cluster, vm3, vm4);
        vm4.query("SELECT pg_wal_replay_pause()");

        vm3.execute("INSERT INTO own VALUES (101)");
        String written =
                String.valueOf(vm3.query("SELECT pg_current_wal_flush_lsn()").value());

        cluster.awaitValue(vm4, "SELECT pg_last_wal_receive_lsn() >= '" + written + "'", true);
        cluster.await("vm3 to hear that it is flushed and not replayed", () -> {
            SlotState slot = vm3.currentSlot("vm4").orElseThrow();
            Lsn flushed = Objects.requireNonNull(slot.walsender()).flushed();
            Lsn replayed = Objects.requireNonNull(slot.walsender()).replayed();
            boolean heard = flushed != null
                    && flushed.compareTo(Lsn.parse(written)) >= 0
                    && replayed != null
                    && replayed.compareTo(Lsn.parse(written)) < 0;
            return Seen.of(heard, "flushed " + flushed + ", replayed " + replayed);
        });
        assertThat(vm4).table("own").hasCount(100);
        vm4.query("SELECT pg_wal_replay_resume()");
        cluster.standbys().awaitReplayed(vm4);
        assertThat(vm4).table("own").hasCount(101);
    }
}
