package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.Topology;

/** A copy of a subscriber that was started as a server of its own. */
final class CloneStealsSlot implements Problem {

    @Override
    public String id() {
        return "clone-steals-slot";
    }

    @Override
    public String page() {
        return "warm-standby";
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
        ServerLog.Mark mark4 = vm4.log().mark();
        lesson.cluster().standbys().startWithoutSignal(vm4);
        lesson.logged(vm4, mark4, Wording.of("replication slot \"vm3_test_sub\" is active for PID"));
        vm3.stop(StopMode.FAST);
        vm1.execute("INSERT INTO test VALUES (2, 'stolen')");
        lesson.awaitTable(vm4, "test", Row.of(1, "before"), Row.of(2, "stolen"));
        ServerLog.Mark mark3 = vm3.log().mark();
        vm3.start();
        lesson.logged(vm3, mark3, Wording.of("replication slot \"vm3_test_sub\" is active for PID"));
        lesson.holds(vm4, "test", Row.of(1, "before"), Row.of(2, "stolen"));
        lesson.holds(vm3, "test", Row.of(1, "before"));

        lesson.cure();
        vm4.execute("ALTER SUBSCRIPTION vm3_test_sub DISABLE");
        vm4.execute("ALTER SUBSCRIPTION vm3_test_sub SET (slot_name = NONE)");
        vm4.execute("DROP SUBSCRIPTION vm3_test_sub");
        Stages.seedAgain("vm3_test_sub", vm3, vm1);
        vm1.execute("INSERT INTO test VALUES (3, 'after')");
        lesson.proof(vm3, "test", Row.of(1, "before"), Row.of(2, "stolen"), Row.of(3, "after"));
    }
}
