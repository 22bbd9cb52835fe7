package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.topology.Topology;

/** An UPDATE of a row that the subscriber does not have. */
final class MissingRowUpdate implements Problem {

    @Override
    public String id() {
        return "missing-row-update";
    }

    @Override
    public String page() {
        return "logical-replication-conflicts";
    }

    @Override
    public Topology topology() {
        return Stages.pair().build().seeded("vm1", "INSERT INTO test VALUES (1, 'draft')");
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        lesson.cluster().awaitReplicated();
        vm2.execute("DELETE FROM test WHERE id = 1");
        vm1.execute("UPDATE test SET name = 'final' WHERE id = 1");
        vm1.execute("INSERT INTO test VALUES (2, 'written after it')");
        lesson.awaitTable(vm2, "test", Row.of(2, "written after it"));
        lesson.holds(vm1, "test", Row.of(1, "final"), Row.of(2, "written after it"));
        lesson.holds(vm2, "test", Row.of(2, "written after it"));

        lesson.cure();
        Stages.seedAgain("test_sub", vm2, vm1);
        lesson.proof(vm2, "test", Row.of(1, "final"), Row.of(2, "written after it"));
    }
}
