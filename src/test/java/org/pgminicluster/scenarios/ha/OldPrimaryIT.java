package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Words;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;

/**
 * vm3 was failed over from, and somebody starts it again. It knows nothing of that, and has the same subscriptions with
 * the same slots as vm4.
 *
 * @see <a href="https://www.postgresql.org/docs/13/warm-standby-failover.html">Failover: STONITH</a>
 */
@MiniClusterTest
@RequiresStandbys
class OldPrimaryIT {

    @Test
    @Behaviour({"fo-subscriber-and-clone-fight-for-slot", "slot-single-consumer"})
    @TopologyFrom("org.pgminicluster.scenarios.ha.Trio#plain")
    void an_old_vm3_that_comes_back_takes_rows_that_vm4_never_gets(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        vm3.kill();
        assertThat(cluster.failOver("vm3", "vm4").remarks())
                .anyMatch(remark -> remark.startsWith("nobody keeps vm3 out"));
        ServerLog.Mark mark3 = vm3.log().mark();
        vm3.start();
        assertThat(startsOf(cluster, "vm3"))
                .last()
                .asString()
                .contains("; vm4 has taken over from vm3, and nobody keeps vm3 out");
        cluster.awaitLog(vm3, mark3, "replication slot \"vm3_test_sub\" is active for PID");
        ServerLog.Mark mark4 = vm4.log().mark();

        try (Fault blink = cluster.faults().stop(vm4, StopMode.FAST)) {
            vm1.execute("INSERT INTO test VALUES (2, 'while vm4 blinked')");
            cluster.awaitReplicated(vm3, Trio.SUB);
            assertThat(blink.isOpen()).isTrue();
        }
        cluster.awaitLog(vm4, mark4, "replication slot \"vm3_test_sub\" is active for PID");
        vm3.stop(StopMode.FAST);
        vm1.execute("INSERT INTO test VALUES (3, 'marker')");
        cluster.awaitReplicated(vm4, Trio.SUB);
        assertThat(vm4).table("test").hasRows(row(1, "before"), row(3, "marker"));

        cluster.standbys().rejoin(vm3);
        cluster.reseed(vm4, Trio.SUB);

        cluster.awaitReplicated();
        assertThat(cluster).table("test").hasEqualRowsOn("vm1", "vm3", "vm4");
        assertThat(vm3.isStandby()).isTrue();
        vm3.restart();
        assertThat(startsOf(cluster, "vm3")).last().asString().doesNotContain("nobody keeps");
    }

    /** What the journal has to show for each start. */
    private static List<Words> startsOf(MiniCluster cluster, String node) {
        return cluster.journal().entries().stream()
                .filter(entry -> node.equals(entry.node()))
                .map(Entry::event)
                .filter(Event.Fault.class::isInstance)
                .map(Event.Fault.class::cast)
                .filter(fault -> fault.facts().kind() == FaultKind.START)
                .map(Event.Fault::proof)
                .toList();
    }

    @Test
    @TopologyFrom("org.pgminicluster.scenarios.ha.Trio#guarded")
    void an_old_vm3_that_was_fenced_is_turned_away_and_takes_nothing(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
        vm3.kill();
        cluster.failOver("vm3", "vm4");
        ServerLog.Mark mark = vm3.log().mark();

        vm3.start();

        cluster.awaitLog(vm3, mark, Trio.turnedAwayBy(vm1));
        try (Fault blink = cluster.faults().stop(vm4, StopMode.FAST)) {
            vm1.execute("INSERT INTO test VALUES (2, 'while vm4 blinked')");
            ServerLog.Mark later = vm3.log().mark();
            cluster.awaitLog(vm3, later, Trio.turnedAwayBy(vm1));
            assertThat(blink.isOpen()).isTrue();
        }
        cluster.awaitReplicated(vm4, Trio.SUB);
        assertThat(vm4).table("test").hasRows(row(1, "before"), row(2, "while vm4 blinked"));
        assertThat(vm3).table("test").hasRows(row(1, "before"));

        vm3.stop(StopMode.FAST);
        cluster.standbys().rejoin(vm3);
        cluster.standbys().awaitReplayed(vm3);
        assertThat(cluster).table("test").hasEqualRowsOn("vm1", "vm3", "vm4");
    }

    @Test
    @TopologyFrom("org.pgminicluster.scenarios.ha.Trio#guarded")
    void an_old_vm3_that_could_not_rejoin_is_turned_away_all_the_same(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        cluster.awaitReplicated();
        vm3.kill();
        cluster.failOver("vm3", "vm4");
        try (Fault down = cluster.faults().kill(vm1)) {
            assertThatThrownBy(() -> cluster.standbys().rejoin(vm3)).isInstanceOf(MiniClusterException.class);
            assertThat(down.isOpen()).isTrue();
        }
        ServerLog.Mark mark = vm3.log().mark();
        vm3.start();

        cluster.awaitLog(vm3, mark, Trio.turnedAwayBy(vm1));

        vm3.stop(StopMode.FAST);
        cluster.standbys().rejoin(vm3);
        vm1.execute("INSERT INTO test VALUES (1, 'through vm4')");
        cluster.awaitReplicated();
        assertThat(vm3).table("test").hasRows(row(1, "through vm4"));
    }

    @Test
    @Behaviour("fo-restart-old-primary-as-standby")
    @TopologyFrom("org.pgminicluster.scenarios.ha.Trio#plain")
    void an_old_vm3_that_has_written_more_cannot_be_made_to_follow_vm4_by_a_signal_file(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        cluster.awaitReplicated();
        vm3.kill();
        cluster.failOver("vm3", "vm4");
        vm3.start();
        vm3.execute("CREATE TABLE own AS SELECT 'on timeline 1, which vm4 has left' AS note");
        vm3.execute("ALTER SYSTEM SET primary_conninfo = '" + Trio.standbyConninfo(vm3, vm4) + "'");
        vm3.execute("COPY (SELECT WHERE false) TO '"
                + vm3.query("SHOW data_directory").value() + "/standby.signal'");
        ServerLog.Mark mark = vm3.log().mark();
        vm3.restart();

        cluster.awaitLog(
                vm3,
                mark,
                "new timeline 2 forked off current database system timeline 1 before current recovery point");
        vm1.execute("INSERT INTO test VALUES (1, 'through vm4')");
        cluster.awaitReplicated(vm4, Trio.SUB);
        assertThat(vm3).table("test").isEmpty();

        vm3.stop(StopMode.FAST);
        cluster.standbys().rejoin(vm3);
        cluster.standbys().awaitReplayed(vm3);
        assertThat(vm3).table("test").hasRows(row(1, "through vm4"));
        assertThat(vm3).query("SELECT to_regclass('own')").hasRows(row((Object) null));
    }
}
