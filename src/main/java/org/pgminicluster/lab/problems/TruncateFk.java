package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Majors;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A foreign key that only the subscriber has. */
final class TruncateFk implements Problem {

    @Override
    public String id() {
        return "truncate-fk";
    }

    @Override
    public String page() {
        return "logical-replication-restrictions";
    }

    @Override
    public Majors majors() {
        return Majors.since(11);
    }

    @Override
    public Topology topology() {
        return Stages.pair().build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        vm2.execute("CREATE TABLE child (test_id integer REFERENCES test)");
        lesson.cluster().awaitReplicated();
        ServerLog.Mark mark = vm2.log().mark();
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        vm1.execute("TRUNCATE test");
        vm1.execute("INSERT INTO test VALUES (2, 'after')");
        lesson.logged(vm2, mark, Wording.of("cannot truncate a table referenced in a foreign key constraint"));
        lesson.holds(vm2, "test", Row.of(1, "before"));

        lesson.cure();
        vm2.execute("ALTER TABLE child DROP CONSTRAINT child_test_id_fkey");
        lesson.proof(vm2, "test", Row.of(2, "after"));
    }
}
