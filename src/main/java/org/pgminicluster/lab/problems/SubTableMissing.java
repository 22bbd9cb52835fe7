package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.topology.Topology;

/** A subscriber without the table. */
final class SubTableMissing implements Problem {

    @Override
    public String id() {
        return "sub-table-missing";
    }

    @Override
    public String page() {
        return "logical-replication-restrictions";
    }

    @Override
    public Topology topology() {
        return Topology.named("a subscriber without the table")
                .node(
                        "vm1",
                        vm1 -> vm1.schema(Stages.TEST)
                                .seed("INSERT INTO test VALUES (1, 'before')")
                                .publishes("test_pub", "test"))
                .node("vm2", vm2 -> vm2.mayFollow("vm1"))
                .build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        String subscribe = Stages.subscribe("test_sub", vm2, vm1, "test_pub");
        lesson.refused(vm2, subscribe, Wording.of("relation \"public.test\" does not exist"));

        lesson.cure();
        vm2.execute(Stages.TEST);
        vm2.execute(subscribe);
        lesson.proof(vm2, "test", Row.of(1, "before"));
    }
}
