package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.Topology;

/** A subscriber that was failed over from is started again, and does not know it. */
final class OldPrimaryReturns implements Problem {

    private static final Wording ACTIVE = Wording.of("replication slot \"vm3_test_sub\" is active for PID");

    @Override
    public String id() {
        return "old-primary-returns";
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
        vm3.kill();
        lesson.cluster().failOver("vm3", "vm4");
        ServerLog.Mark mark3 = vm3.log().mark();
        vm3.start();
        lesson.logged(vm3, mark3, ACTIVE);
        vm4.stop(StopMode.FAST);
        vm1.execute("INSERT INTO test VALUES (2, 'while vm4 restarts')");
        lesson.awaitTable(vm3, "test", Row.of(1, "before"), Row.of(2, "while vm4 restarts"));
        ServerLog.Mark mark4 = vm4.log().mark();
        vm4.start();
        lesson.logged(vm4, mark4, ACTIVE);
        lesson.holds(vm3, "test", Row.of(1, "before"), Row.of(2, "while vm4 restarts"));
        lesson.holds(vm4, "test", Row.of(1, "before"));

        lesson.cure();
        vm3.stop(StopMode.FAST);
        lesson.cluster().standbys().rejoin(vm3);
        Stages.seedAgain("vm3_test_sub", vm4, vm1);
        vm1.execute("INSERT INTO test VALUES (3, 'after')");
        lesson.proof(vm3, "test", Row.of(1, "before"), Row.of(2, "while vm4 restarts"), Row.of(3, "after"));
    }
}
