package org.pgminicluster.scenarios.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.backup.Dump;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresProgram;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.session.Session;
import org.pgminicluster.state.Lsn;

/**
 * vm3 is there for backups: a dump of it, or of its standby, is of one moment, though both publishers go on writing.
 *
 * @see <a href="https://www.postgresql.org/docs/13/app-pgdump.html">pg_dump</a>
 * @see <a href="https://www.postgresql.org/docs/13/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION">Snapshot
 *     Synchronization Functions</a>
 */
@MiniClusterTest
@RequiresProgram({"pg_dump", "pg_restore", "psql"})
@TopologyFrom("org.pgminicluster.scenarios.backup.BackupTopology#withStandby")
@RequiresStandbys
class LogicalBackupIT {

    private static final String SUM =
            "SELECT (SELECT count(*) || md5(string_agg(t::text, ',' ORDER BY id)) FROM test t),"
                    + " (SELECT count(*) || md5(string_agg(t::text, ',' ORDER BY id)) FROM test2 t)";

    @Test
    @Behaviour("bak-dump-is-of-one-moment")
    void both_formats_of_a_dump_of_the_subscriber_restore_to_the_rows_of_one_moment(
            MiniCluster cluster, Node vm3, Node fresh) {
        isOfOneMoment(cluster, vm3, fresh);
    }

    @Test
    @Behaviour("bak-dump-from-standby")
    void both_formats_of_a_dump_of_the_standby_restore_to_the_rows_of_one_moment_while_it_replays(
            MiniCluster cluster, Node vm4, Node fresh) {
        isOfOneMoment(cluster, vm4, fresh);
    }

    private static void isOfOneMoment(MiniCluster cluster, Node source, Node fresh) {
        Node plain = fresh.in("plain");
        try (Counting first = new Counting(cluster, cluster.node("vm1"), "test");
                Counting second = new Counting(cluster, cluster.node("vm2"), "test2");
                Session moment = source.session()) {
            for (Counting writer : List.of(first, second)) {
                writer.awaitMore(20);
            }
            cluster.awaitValue(
                    source, "SELECT (SELECT n FROM test_count) > 5 AND (SELECT n FROM test2_count) > 5", true);
            cluster.awaitValue(
                    cluster.node("vm3"),
                    "SELECT xmin IS NOT NULL FROM pg_replication_slots WHERE slot_name = 'vm4'",
                    true);
            // What vm3 has cleaned away before it knew of vm4 would wait for the moment to end.
            Lsn known = cluster.node("vm3").currentLsn();
            cluster.awaitValue(cluster.node("vm4"), "SELECT pg_last_wal_replay_lsn() >= '" + known + "'", true);
            moment.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
            String snapshot =
                    "--snapshot=" + moment.query("SELECT pg_export_snapshot()").value();
            Rows then = moment.query(SUM);
            String rows =
                    String.valueOf(moment.query("SELECT n FROM test_count").value());
            cluster.awaitValue(source, "SELECT n > " + rows + " + 20 FROM test_count", true);

            cluster.backups().restore(cluster.backups().dump(source, Dump.Format.CUSTOM, snapshot), fresh);
            cluster.backups().restore(cluster.backups().dump(source, Dump.Format.PLAIN, snapshot), plain);

            assertThat(moment.query(SUM)).as("the moment lasts").isEqualTo(then);
            for (Node restored : List.of(fresh, plain)) {
                assertThat(restored.query(SUM).values())
                        .as("rows and checksums")
                        .isEqualTo(then.values());
                assertThat(restored).query("SELECT n FROM test_count").hasValue(rows);
                assertThat(restored).query(Counting.isOfOneMoment("test")).hasValue(true);
                assertThat(restored).query(Counting.isOfOneMoment("test2")).hasValue(true);
            }
            assertThat(source)
                    .query("SELECT n > " + rows + " FROM test_count")
                    .as("rows went on coming to where the dump was made")
                    .hasValue(true);
        }
    }
}
