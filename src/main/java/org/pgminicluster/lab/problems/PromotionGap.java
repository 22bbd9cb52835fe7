package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.Topology;

/** A subscriber's standby is promoted and lacks what it had not received. */
final class PromotionGap implements Problem {

    @Override
    public String id() {
        return "promotion-gap";
    }

    @Override
    public String page() {
        return "warm-standby-failover";
    }

    @Override
    public Topology topology() {
        return Stages.withStandby().of("vm3").build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm3 = lesson.node("vm3"), vm4 = lesson.node("vm4");
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        lesson.cluster().awaitReplicated();
        vm4.stop(StopMode.FAST);
        vm1.execute("INSERT INTO test VALUES (2, 'only on vm3')");
        // What vm3 has applied is lost only once vm3 has confirmed it.
        lesson.cluster()
                .awaitValue(
                        vm1,
                        "SELECT confirmed_flush_lsn >= '" + vm1.currentLsn() + "' FROM pg_replication_slots",
                        true);
        vm3.kill();
        vm4.start();
        lesson.cluster().failOver("vm3", "vm4");
        vm1.execute("INSERT INTO test VALUES (3, 'after the failover')");
        lesson.awaitTable(vm4, "test", Row.of(1, "before"), Row.of(3, "after the failover"));
        lesson.holds(vm1, "test", Row.of(1, "before"), Row.of(2, "only on vm3"), Row.of(3, "after the failover"));
        lesson.holds(vm4, "test", Row.of(1, "before"), Row.of(3, "after the failover"));

        lesson.cure();
        Stages.seedAgain("vm3_test_sub", vm4, vm1);
        lesson.proof(vm4, "test", Row.of(1, "before"), Row.of(2, "only on vm3"), Row.of(3, "after the failover"));
    }
}
