package org.pgminicluster.examples;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;

/**
 * I lost the node that subscribes and promoted its standby: are all rows there?
 *
 * <p>Not by themselves: a publisher forgets what the lost node had, whether the standby has it or not. A guarded standby
 * has failover slots on the publishers, and takes over from those.
 *
 * <p>To see it happen: {@code minicluster run guarded-failover}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/warm-standby-failover.html">Failover</a>
 */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withGuardedStandby")
@RequiresStandbys
class FailoverIT {

    @Test
    void no_row_is_lost_though_the_standby_lags(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            vm1.execute("INSERT INTO test SELECT i, 'only on vm3' FROM generate_series(1, 100) AS i");
            cluster.awaitReplicated(vm3, "vm3_test_sub");
            vm3.kill();

            cluster.failOver("vm3", "vm4");
        }
        vm1.execute("INSERT INTO test VALUES (101, 'after the failover')");

        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm4");
        cluster.standbys().rejoin(vm3);
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm4", "vm3");
    }
}
