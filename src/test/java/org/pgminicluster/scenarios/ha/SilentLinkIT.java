package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Event;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/**
 * vm3 falls silent without a word: nothing closes its connections, so on vm1 its walsender still holds the slot that the
 * promoted vm4 wants.
 *
 * @see <a href="https://www.postgresql.org/docs/13/runtime-config-replication.html#GUC-WAL-SENDER-TIMEOUT">
 *     wal_sender_timeout</a>
 */
@MiniClusterTest
@RequiresStandbys
class SilentLinkIT {

    private static final String TIMED_OUT = "terminating walsender process due to replication timeout";

    static Topology patient(String timeout) {
        return Trio.vm4(Trio.one("silent vm3").setting("wal_sender_timeout", timeout))
                .of("vm3")
                .build();
    }

    static Topology threeSeconds() {
        return patient("3s");
    }

    static Topology oneMinute() {
        return patient("60s");
    }

    @Test
    @Behaviour({"fault-timeouts", "slot-single-consumer"})
    @TopologyFrom("threeSeconds")
    void vm4_waits_for_its_slot_until_wal_sender_timeout_has_passed(MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        cluster.awaitReplicated();
        ServerLog.Mark mark1 = vm1.log().mark();
        ServerLog.Mark mark4 = vm4.log().mark();

        try (Fault silent = cluster.faults().pause(vm3)) {
            long start = System.nanoTime();
            vm4.promote();
            vm1.execute("INSERT INTO test VALUES (1, 'after')");
            cluster.awaitLog(vm4, mark4, "replication slot \"vm3_test_sub\" is active for PID");
            assertThat(vm1).log().since(mark1).doesNotContain(TIMED_OUT);
            assertThat(vm4).table("test").isEmpty();

            cluster.awaitLog(vm1, mark1, TIMED_OUT);
            cluster.awaitValue(vm4, "SELECT count(*) FROM test", 1);
            note(cluster, "takeover with wal_sender_timeout = 3s", start);
            assertThat(silent.isOpen()).isTrue();
            vm3.kill();
        }
    }

    @Test
    @Behaviour("slot-single-consumer")
    @TopologyFrom("oneMinute")
    void vm4_has_its_slot_at_once_when_the_stale_walsender_is_ended_first(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        cluster.awaitReplicated();
        ServerLog.Mark mark = vm1.log().mark();

        try (Fault silent = cluster.faults().pause(vm3)) {
            long start = System.nanoTime();
            vm1.query("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE active");
            vm4.promote();
            vm1.execute("INSERT INTO test VALUES (1, 'after')");

            cluster.awaitValue(vm4, "SELECT count(*) FROM test", 1);
            note(cluster, "takeover with wal_sender_timeout = 60s, stale walsender ended", start);
            assertThat(vm1).log().since(mark).doesNotContain(TIMED_OUT);
            assertThat(vm4).table("test").hasRows(row(1, "after"));
            assertThat(silent.isOpen()).isTrue();
            vm3.kill();
        }
    }

    private static void note(MiniCluster cluster, String what, long start) {
        cluster.journal()
                .add(
                        "vm4",
                        new Event.Observation(
                                what,
                                Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms"));
    }
}
