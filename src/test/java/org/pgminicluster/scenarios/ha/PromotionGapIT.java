package org.pgminicluster.scenarios.ha;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;

/**
 * The gap that a standby of a subscriber has by default. The subscriber confirms to the publisher what it has flushed
 * itself, and the publisher sends nothing twice that was confirmed. What the standby had not got by then, nobody brings.
 *
 * @see <a href="https://www.postgresql.org/docs/13/warm-standby.html#SYNCHRONOUS-REPLICATION">Synchronous Replication</a>
 * @see <a href="https://www.postgresql.org/docs/13/logicaldecoding-explanation.html">Replication Slots</a>
 */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.scenarios.ha.Trio#plain")
@RequiresStandbys
class PromotionGapIT {

    @Test
    @Behaviour({"fo-async-may-lose-commits", "fo-subscriber-standby-resumes"})
    void by_default_every_row_that_vm4_had_not_got_is_lost_and_no_log_has_an_error(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        Gap gap = new Gap(cluster);
        ServerLog.Mark mark1 = vm1.log().mark();
        ServerLog.Mark mark4 = vm4.log().mark();

        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            gap.write();
            gap.awaitConfirmed();
            vm3.kill();
            cluster.failOver("vm3", "vm4");
        }

        gap.awaitMarker();
        gap.assertLost();
        assertThat(vm1).log().since(mark1).doesNotContain("ERROR:");
        assertThat(vm4).log().since(mark4).doesNotContain("ERROR:");
    }

    @Test
    @RequiresPostgres(min = 14, because = "13 says it on the level DEBUG1 only")
    void the_publisher_logs_that_it_skips_what_was_confirmed(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        Gap gap = new Gap(cluster);
        ServerLog.Mark mark = vm1.log().mark();

        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            gap.write();
            gap.awaitConfirmed();
            vm3.kill();
            cluster.failOver("vm3", "vm4");
        }

        gap.awaitMarker();
        gap.assertLost();
        assertThat(vm1).log().since(mark).containsPattern("LOG: .* has been already streamed, forwarding to ");
    }

    @Test
    @Behaviour("fo-async-may-lose-commits")
    void synchronous_standby_names_alone_loses_the_gap_as_well(MiniCluster cluster, Node vm3, Node vm4) {
        Gap gap = new Gap(cluster);
        gap.makeVm4Synchronous();

        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            gap.write();
            // A subscription has its own synchronous_commit, which is off: nothing waits.
            gap.awaitConfirmed();
            vm3.kill();
            cluster.failOver("vm3", "vm4");
        }

        gap.awaitMarker();
        gap.assertLost();
    }
}
