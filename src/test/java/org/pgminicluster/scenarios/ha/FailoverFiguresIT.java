package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/**
 * Both flavours of failover under the same fault, in figures. The recovery point objective is counted in rows that the
 * publishers had acknowledged and vm4 never gets; the recovery time objective runs from the kill of vm3 to the first row
 * on vm4 that was written after it.
 *
 * @see <a href="https://www.postgresql.org/docs/13/warm-standby-failover.html">Failover</a>
 */
@MiniClusterTest
@RequiresStandbys
class FailoverFiguresIT {

    /** What one failover has cost. */
    private record Figures(String flavour, long acknowledged, long lost, Duration untilFirstRow) {
        Row row() {
            return Row.of(flavour, acknowledged, lost, untilFirstRow.toMillis());
        }
    }

    @Test
    @Behaviour("fo-async-may-lose-commits")
    void a_plain_failover_loses_what_vm4_lagged_behind_and_a_guarded_one_nothing() {
        Figures plain = measured("plain", HomeworkTopology.withStandby());
        Figures guarded = measured("guarded", HomeworkTopology.withGuardedStandby());
        System.out.println(table(List.of(plain, guarded)));

        assertThat(plain.lost()).as("all rows of the gap, from both publishers").isEqualTo(40);
        assertThat(guarded.lost()).isZero();
        assertThat(List.of(plain, guarded)).extracting(Figures::acknowledged).containsOnly(62L);
    }

    private static Figures measured(String flavour, Topology topology) {
        try (MiniCluster cluster = MiniCluster.start(topology)) {
            Node vm3 = cluster.node("vm3");
            Node vm4 = cluster.node("vm4");
            write(cluster, 1, 10);
            cluster.awaitReplicated();
            long killed;
            try (Fault cut = cluster.faults().cut(vm3, vm4)) {
                write(cluster, 11, 30);
                awaitConfirmed(cluster, "vm1", "vm3_test_sub");
                awaitConfirmed(cluster, "vm2", "vm3_test2_sub");
                killed = System.nanoTime();
                vm3.kill();
                cluster.failOver("vm3", "vm4");
            }
            write(cluster, 31, 31);
            cluster.awaitValue(vm4, "SELECT count(*) FROM test WHERE id = 31", 1);
            Duration untilFirstRow = Duration.ofNanos(System.nanoTime() - killed);
            cluster.awaitReplicated(vm4, "vm3_test_sub");
            cluster.awaitReplicated(vm4, "vm3_test2_sub");
            long acknowledged = rows(cluster.node("vm1"), cluster.node("vm2"));
            Figures figures = new Figures(flavour, acknowledged, acknowledged - rows(vm4, vm4), untilFirstRow);
            cluster.journal()
                    .add(
                            "vm4",
                            new Event.Observation(
                                    "failover in figures",
                                    table(List.of(figures)).toString()));
            return figures;
        }
    }

    private static void write(MiniCluster cluster, int from, int to) {
        cluster.node("vm1").execute("INSERT INTO test SELECT i, 'vm1' FROM generate_series(?, ?) AS i", from, to);
        cluster.node("vm2").execute("INSERT INTO test2 SELECT i, 'vm2' FROM generate_series(?, ?) AS i", from, to);
    }

    private static void awaitConfirmed(MiniCluster cluster, String publisher, String slot) {
        cluster.awaitReplicated(cluster.node("vm3"), slot);
        assertThat(cluster.node(publisher)).slot(slot).eventually().lagsAtMost(0);
    }

    private static long rows(Node withTest, Node withTest2) {
        return withTest.table("test").count() + withTest2.table("test2").count();
    }

    private static Rows table(List<Figures> figures) {
        return new Rows(
                List.of("failover", "rows acknowledged", "RPO: rows lost", "RTO: ms from kill to first row"),
                figures.stream().map(Figures::row).collect(Collectors.toList()));
    }
}
