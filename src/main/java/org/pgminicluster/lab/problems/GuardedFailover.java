package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Fault;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** The same loss as in the promotion gap, for which the publishers had provided. */
final class GuardedFailover implements Problem {

    @Override
    public String id() {
        return "guarded-failover";
    }

    @Override
    public String page() {
        return "functions-admin";
    }

    @Override
    public Topology topology() {
        return HomeworkTopology.withGuardedStandby();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm3 = lesson.node("vm3"), vm4 = lesson.node("vm4");
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        lesson.cluster().awaitReplicated();
        try (Fault cut = lesson.cluster().faults().cut(vm3, vm4)) {
            vm1.execute("INSERT INTO test VALUES (2, 'only on vm3')");
            Stages.awaitConfirmed(lesson, vm1, vm3);
            lesson.shows(
                    vm1,
                    "pg_replication_slots",
                    "SELECT slot_name, confirmed_flush_lsn >= '" + vm1.currentLsn() + "' AS is_past_row_2"
                            + " FROM pg_replication_slots WHERE slot_name LIKE '%vm3_test_sub' ORDER BY 1",
                    Row.of("guard_vm4_vm3_test_sub", false),
                    Row.of("vm3_test_sub", true));
            lesson.holds(vm4, "test", Row.of(1, "before"));
            lesson.check(cut.description(), "open", cut.isOpen() ? "open" : "healed");

            lesson.cure();
            vm3.kill();
            lesson.cluster().failOver("vm3", "vm4");
        }
        vm1.execute("INSERT INTO test VALUES (3, 'after the failover')");
        lesson.proof(vm4, "test", Row.of(1, "before"), Row.of(2, "only on vm3"), Row.of(3, "after the failover"));
    }
}
