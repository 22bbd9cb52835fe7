package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.Topology;

/** A subscription is dropped on a copy of the subscriber, and the slot that both have goes with it. */
final class DropOnClone implements Problem {

    @Override
    public String id() {
        return "drop-on-clone";
    }

    @Override
    public String page() {
        return "sql-dropsubscription";
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
        lesson.cluster().standbys().startWithoutSignal(vm4);
        vm3.stop(StopMode.FAST);
        vm4.execute("DROP SUBSCRIPTION vm3_test_sub");
        lesson.shows(vm1, "pg_replication_slots", "SELECT slot_name FROM pg_replication_slots");
        vm1.execute("INSERT INTO test VALUES (2, 'in no slot')");
        ServerLog.Mark mark = vm3.log().mark();
        vm3.start();
        lesson.logged(vm3, mark, Wording.of("replication slot \"vm3_test_sub\" does not exist"));
        lesson.holds(vm3, "test", Row.of(1, "before"));

        lesson.cure();
        vm3.execute("ALTER SUBSCRIPTION vm3_test_sub DISABLE");
        vm3.execute("ALTER SUBSCRIPTION vm3_test_sub SET (slot_name = NONE)");
        Stages.seedAgain("vm3_test_sub", vm3, vm1);
        lesson.proof(vm3, "test", Row.of(1, "before"), Row.of(2, "in no slot"));
    }
}
