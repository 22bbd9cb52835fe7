package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/** A two-phase subscription needs no setting by hand, and is awaited until it is two-phase. */
@MiniClusterTest
@RequiresPostgres(min = 15, because = "two_phase came with 15")
@TopologyFrom("twoPhase")
class TwoPhaseIT {

    static Topology twoPhase() {
        return Topology.named("two-phase")
                .schema("CREATE TABLE item (id int PRIMARY KEY)")
                .node("pub", pub -> pub.publishes("p", "item").seed("INSERT INTO item VALUES (1)"))
                .node("sub", sub -> sub.subscription("s", s -> s.to("pub", "p").with("two_phase", "true")))
                .build();
    }

    @Test
    void what_is_prepared_is_prepared_on_the_copy_as_soon_as_the_cluster_is_there(
            MiniCluster cluster, Node pub, Node sub) {
        assertThat(sub)
                .query("SELECT subtwophasestate::text FROM pg_subscription")
                .hasRows(row("e"));

        pub.execute("BEGIN; INSERT INTO item VALUES (2); PREPARE TRANSACTION 'two'");

        cluster.awaitReplicated();
        assertThat(sub).query("SELECT count(*) FROM pg_prepared_xacts").hasValue(1);
        assertThat(sub).table("item").hasRows(row(1));
        pub.execute("COMMIT PREPARED 'two'");
        cluster.awaitReplicated();
        assertThat(sub).table("item").hasRows(row(1), row(2));
    }

    @Test
    void one_that_is_not_two_phase_yet_is_not_synced(MiniCluster cluster, Node pub, Node sub) {
        try (Fault cut = cluster.faults().cut(pub, sub)) {
            sub.execute("UPDATE pg_subscription SET subtwophasestate = 'p'");

            assertThatThrownBy(() -> cluster.awaitReplicated(sub, "s", Duration.ofMillis(300)))
                    .hasMessageContaining("last seen: its tables are copied, but it is not two-phase yet");
        }

        cluster.awaitReplicated();
        assertThat(sub)
                .query("SELECT subtwophasestate::text FROM pg_subscription")
                .hasRows(row("e"));
    }
}
