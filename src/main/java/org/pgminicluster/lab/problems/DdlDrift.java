package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A column that the subscriber does not have. */
final class DdlDrift implements Problem {

    @Override
    public String id() {
        return "ddl-drift";
    }

    @Override
    public String page() {
        return "logical-replication-restrictions";
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
        vm1.execute("ALTER TABLE test ADD COLUMN extra integer");
        vm1.execute("INSERT INTO test VALUES (1, 'one', 10)");
        lesson.logged(
                vm2,
                mark,
                Wording.of("logical replication target relation \"public.test\" is missing some replicated columns")
                        .since(
                                14,
                                "logical replication target relation \"public.test\" is missing replicated column: \"extra\""));
        lesson.holds(vm2, "test");

        lesson.cure();
        vm2.execute("ALTER TABLE test ADD COLUMN extra integer");
        lesson.proof(vm2, "test", Row.of(1, "one", 10));
    }
}
