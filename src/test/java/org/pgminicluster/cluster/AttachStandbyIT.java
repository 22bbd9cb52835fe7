package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.attached.Attached;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** A topology with a standby on servers that another cluster has started, on which all of it stands. */
@MiniClusterTest
@RequiresPostgres(min = 12, because = "standby.signal came with 12")
class AttachStandbyIT {

    static Topology homework() {
        return HomeworkTopology.withStandby();
    }

    private static Map<String, Attached> attached(MiniCluster cluster) {
        Map<String, Attached> servers = new LinkedHashMap<>();
        for (Node node : cluster.nodes()) {
            Attached server = Attached.at(node.address().host(), node.address().port())
                    .user(node.user())
                    .password(node.password());
            servers.put(
                    node.name(),
                    server.reachedBy(
                            node.member().server().peerAddress().host(),
                            node.member().server().peerAddress().port()));
        }
        return servers;
    }

    @Test
    @TopologyFrom("homework")
    void a_standby_that_streams_is_found_and_waited_for(MiniCluster cluster, Node vm4) {
        try (MiniCluster other =
                MiniCluster.of(homework()).name("AttachStandbyIT-attached").attach(attached(cluster))) {
            other.node("vm1").execute("INSERT INTO test VALUES (1, 'one')");
            other.awaitReplicated();

            assertThat(other.node("vm4")).table("test").hasRows(row(1, "one"));
            assertThat(other.node("vm4").isStandby()).isTrue();
            assertThat(other.standbys().primaryOf(other.node("vm4"))).contains("vm3");
            assertThatThrownBy(() -> other.failOver("vm3", "vm4"))
                    .hasMessageContaining(
                            "vm4 to be a server that this cluster" + " has started when it takes over from vm3");
        }

        assertThat(vm4).table("test").hasRows(row(1, "one"));
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3", "vm4");
    }

    @Test
    @TopologyFrom("homework")
    void a_guarded_standby_is_refused(MiniCluster cluster) {
        assertThatThrownBy(() -> MiniCluster.of(HomeworkTopology.withGuardedStandby())
                        .name("AttachStandbyIT-guarded")
                        .attach(attached(cluster)))
                .hasMessage(
                        "expected standby vm4 to be an unguarded one when it is attached, but the topology guards it, which"
                                + " takes settings and files of its server; leave out guarded()");
    }
}
