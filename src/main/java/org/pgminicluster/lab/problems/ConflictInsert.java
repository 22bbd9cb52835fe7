package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A local row where a replicated one is to go. */
final class ConflictInsert implements Problem {

    @Override
    public String id() {
        return "conflict-insert";
    }

    @Override
    public String page() {
        return "logical-replication-conflicts";
    }

    @Override
    public Topology topology() {
        return Stages.pair().build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        lesson.cluster().awaitReplicated();
        ServerLog.Mark mark = vm2.log().mark();
        vm2.execute("INSERT INTO test VALUES (1, 'local')");
        vm1.execute("INSERT INTO test VALUES (1, 'from vm1')");
        lesson.logged(
                vm2,
                mark,
                Wording.of("duplicate key value violates unique constraint \"test_pkey\"")
                        .since(18, "conflict=insert_exists"));
        lesson.holds(vm2, "test", Row.of(1, "local"));

        lesson.cure();
        vm2.execute("DELETE FROM test WHERE id = 1");
        lesson.proof(vm2, "test", Row.of(1, "from vm1"));
    }
}
