package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/**
 * A peer that is there but says nothing: each side finds out by a timeout of its own, 60 s by default and 2 s here.
 *
 * @see <a href="https://www.postgresql.org/docs/13/runtime-config-replication.html">Replication settings</a>
 */
@MiniClusterTest
class SilentPeerIT {

    static Topology impatientCopy() {
        return OneWay.of(
                "CREATE TABLE item (id integer PRIMARY KEY, name text)",
                primary -> primary.publishes("pub", "item"),
                copy -> {
                    OneWay.streams("pub").accept(copy);
                    copy.setting("wal_receiver_timeout", "2s");
                });
    }

    @Test
    @Behaviour({"fault-timeouts", "slot-single-consumer"})
    @TopologyFrom("impatientCopy")
    void a_subscriber_leaves_a_silent_publisher_and_finds_its_slot_still_taken(
            MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        ServerLog.Mark mark = copy.log().mark();

        try (Fault stall = cluster.faults().stall(copy, "sub")) {
            primary.execute("INSERT INTO item VALUES (1, 'meanwhile')");

            cluster.awaitLog(copy, mark, "terminating logical replication worker due to timeout");
            cluster.awaitLog(copy, mark, "replication slot \"sub\" is active for PID");
            assertThat(copy).table("item").isEmpty();
            assertThat(primary.query("SELECT count(*) FROM pg_stat_replication").number())
                    .as("the frozen walsender keeps the slot: %s", stall.proof())
                    .isPositive();
        }

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "meanwhile"));
    }

    static Topology impatientPrimary() {
        return OneWay.of(
                "CREATE TABLE item (id integer PRIMARY KEY, name text)",
                primary -> primary.publishes("pub", "item").setting("wal_sender_timeout", "2s"),
                OneWay.streams("pub"));
    }

    @Test
    @Behaviour({"fault-timeouts", "mon-slot-activity"})
    @TopologyFrom("impatientPrimary")
    void a_publisher_ends_the_walsender_of_a_silent_subscriber_and_keeps_its_slot(
            MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitReplicated();
        ServerLog.Mark mark = primary.log().mark();

        try (Fault paused = cluster.faults().pause(copy)) {
            primary.execute("INSERT INTO item VALUES (1, 'meanwhile')");

            cluster.awaitLog(primary, mark, "terminating walsender process due to replication timeout");
            cluster.awaitValue(primary, "SELECT active FROM pg_replication_slots WHERE slot_name = 'sub'", false);
            assertThat(paused.isOpen()).isTrue();
        }

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "meanwhile"));
    }
}
