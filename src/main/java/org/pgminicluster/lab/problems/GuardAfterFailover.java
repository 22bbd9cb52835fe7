package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.script.GuardSql;
import org.pgminicluster.topology.Topology;

/** A promoted standby has the guards of its primary. */
final class GuardAfterFailover implements Problem {

    private static final String WRITE = "INSERT INTO test VALUES (2, 'written on vm4')";

    @Override
    public String id() {
        return "guard-after-failover";
    }

    @Override
    public String page() {
        return "hot-standby";
    }

    @Override
    public Topology topology() {
        return Topology.named("vm3 holds a guarded copy, and vm4 is a standby of vm3")
                .schema(Stages.TEST)
                .node("vm1", vm1 -> vm1.publishes("test_pub", "test"))
                .node("vm3", vm3 -> vm3.guards("test").subscribes("vm3_test_sub", "vm1", "test_pub"))
                .standby("vm4")
                .of("vm3")
                .build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm3 = lesson.node("vm3"), vm4 = lesson.node("vm4");
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        lesson.cluster().awaitReplicated();
        lesson.refused(vm4, WRITE, Wording.of("cannot execute INSERT in a read-only transaction"));
        vm3.kill();
        lesson.cluster().failOver("vm3", "vm4");
        lesson.refused(vm4, WRITE, Wording.of(GuardSql.MESSAGE));

        lesson.cure();
        vm4.execute("DROP SUBSCRIPTION vm3_test_sub");
        vm4.execute("DROP TRIGGER read_only_write ON test");
        vm4.execute("DROP TRIGGER read_only_truncate ON test");
        vm4.execute(WRITE);
        lesson.proof(vm4, "test", Row.of(1, "one"), Row.of(2, "written on vm4"));
    }
}
