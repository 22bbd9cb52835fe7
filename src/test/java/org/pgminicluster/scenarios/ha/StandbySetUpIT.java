package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Words;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresServers;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.scenarios.Told;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.topology.Topology;

/**
 * What goes wrong before a standby follows: it is not let in, it has less room than its primary, or what it needs is not
 * there any more.
 *
 * @see <a href="https://www.postgresql.org/docs/13/warm-standby.html#STREAMING-REPLICATION">Streaming Replication</a>
 */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.scenarios.ha.Trio#plain")
@RequiresStandbys
class StandbySetUpIT {

    private static final String REPLICATION_LINES =
            "SELECT count(*) FROM pg_hba_file_rules WHERE 'replication' = ANY (database) AND 'standby_vm4' = ANY"
                    + " (user_name)";

    static Topology walRemoved() {
        return Told.stage("wal-removed");
    }

    @Test
    void without_a_line_for_replication_in_pg_hba_conf_subscribers_are_let_in_and_the_standby_is_not(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        String good = String.valueOf(
                vm3.query("SELECT pg_read_file(current_setting('hba_file'))").value());
        // One that has not come yet cannot be ended, and would be let in.
        cluster.awaitValue(vm3, "SELECT count(*) FROM pg_stat_replication", 1);
        ServerLog.Mark mark = vm4.log().mark();
        writeHba(vm3, good.replaceAll("(?m)^host replication standby_vm4 .*$", ""));
        vm3.query("SELECT pg_terminate_backend(pid) FROM pg_stat_replication");

        cluster.awaitLog(vm4, mark, "FATAL:  no pg_hba.conf entry for replication connection from host ");
        assertThat(vm3).query(REPLICATION_LINES).hasValue(0);
        assertThat(vm3)
                .query("SELECT count(*) FROM pg_hba_file_rules WHERE database = '{all}' AND user_name = '{all}'"
                        + " AND address = 'all'")
                .hasValue(1);
        vm1.execute("INSERT INTO test VALUES (1, 'all means every database, and replication is none')");
        cluster.awaitReplicated(vm3, Trio.SUB);
        assertThat(vm4).table("test").isEmpty();

        writeHba(vm3, good);

        assertThat(vm3).query(REPLICATION_LINES).hasValue(1);
        cluster.standbys().awaitReplayed(vm4);
        assertThat(cluster).table("test").hasEqualRowsOn("vm3", "vm4");
    }

    /** A superuser's COPY writes the server's own files. */
    private static void writeHba(Node node, String lines) {
        String file = String.valueOf(node.query("SHOW hba_file").value());
        node.execute(
                "COPY (SELECT regexp_split_to_table('" + lines.replace("'", "''") + "', E'\\n')) TO '" + file + "'");
        node.query("SELECT pg_reload_conf()");
    }

    static Topology narrow() {
        return Trio.vm4(Trio.one("narrow standby"))
                .setting("max_connections", "20")
                .of("vm3")
                .build();
    }

    @Test
    @Behaviour("phys-settings-not-below-primary")
    @RequiresPostgres(max = 13, because = "14 has another wording")
    void a_standby_with_fewer_connections_than_its_primary_refuses_to_start() {
        assertThatThrownBy(() -> MiniCluster.start(narrow()))
                .isInstanceOf(MiniClusterException.class)
                .hasMessageContaining("FATAL:  hot standby is not possible because max_connections = 20 is a lower"
                        + " setting than on the master server (its value was 50)");
    }

    @Test
    @Behaviour("phys-settings-not-below-primary")
    @RequiresPostgres(min = 14, because = "13 has another wording")
    void a_standby_with_fewer_connections_than_its_primary_refuses_to_start_since_14() {
        assertThatThrownBy(() -> MiniCluster.start(narrow()))
                .isInstanceOf(MiniClusterException.class)
                .hasMessageContaining("recovery aborted because of insufficient parameter settings")
                .hasMessageContaining("max_connections = 20 is a lower setting than on the primary server, where its"
                        + " value was 50");
    }

    @Test
    @RequiresServers(value = ServerKind.PROCESS, because = "an image comes with pg_basebackup")
    void a_base_backup_by_hand_makes_the_same_standby_as_pg_basebackup_does(@TempDir Path withoutPrograms) {
        Properties properties = new Properties();
        properties.putAll(System.getProperties());
        properties.setProperty("minicluster.servers", "process");
        properties.setProperty("minicluster.programs", withoutPrograms.toString());

        try (MiniCluster cluster = MiniCluster.of(Trio.plain().seeded("vm1", "INSERT INTO test VALUES (1, 'copied')"))
                .settings(ServerSettings.from(properties))
                .start()) {
            cluster.node("vm1").execute("INSERT INTO test VALUES (2, 'streamed')");
            cluster.awaitReplicated();

            assertThat(cluster.journal().entries())
                    .extracting(Entry::event)
                    .contains(new Event.Fault(
                            FaultFacts.of(FaultKind.FOLLOW, "vm3", "vm4"),
                            Event.Fault.Phase.DONE,
                            Words.of("proof.started-as-standby", "low-level base backup")));
            assertThat(cluster.node("vm4")).table("test").hasRows(row(1, "copied"), row(2, "streamed"));
            assertThat(cluster.node("vm4")).rejects("TRUNCATE test").withSqlState("25006");
        }
    }

    @Test
    @TopologyFrom("walRemoved")
    void a_standby_without_a_slot_that_was_away_too_long_is_told_that_its_wal_is_gone_and_made_anew(
            MiniCluster cluster, Node vm3, Node vm4) {
        ServerLog.Mark mark = vm4.log().mark();

        Told.on(cluster, "wal-removed");

        assertThat(vm4).log().since(mark).containsPattern("requested WAL segment [0-9A-F]+ has already been removed");
        assertThat(vm3).slot("vm4").isActive();
    }
}
