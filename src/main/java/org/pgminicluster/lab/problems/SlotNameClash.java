package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.topology.Topology;

/** Two subscriptions of one name at the same publisher. */
final class SlotNameClash implements Problem {

    @Override
    public String id() {
        return "slot-name-clash";
    }

    @Override
    public String page() {
        return "logical-replication-subscription";
    }

    @Override
    public Topology topology() {
        return Stages.pair().node("vm3", vm3 -> vm3.mayFollow("vm1")).build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm3 = lesson.node("vm3");
        lesson.refused(
                vm3,
                Stages.subscribe("test_sub", vm3, vm1, "test_pub"),
                Wording.of("replication slot \"test_sub\" already exists"));

        lesson.cure();
        vm3.execute(Stages.subscribe("vm3_test_sub", vm3, vm1, "test_pub"));
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        lesson.proof(vm3, "test", Row.of(1, "one"));
    }
}
