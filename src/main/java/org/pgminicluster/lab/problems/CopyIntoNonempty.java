package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A subscription that is made again copies into a table that has its rows already. */
final class CopyIntoNonempty implements Problem {

    @Override
    public String id() {
        return "copy-into-nonempty";
    }

    @Override
    public String page() {
        return "logical-replication-subscription";
    }

    @Override
    public Topology topology() {
        return Stages.pair().build().seeded("vm1", "INSERT INTO test VALUES (1, 'one')");
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        lesson.cluster().awaitReplicated();
        vm2.execute("DROP SUBSCRIPTION test_sub");
        ServerLog.Mark mark = vm2.log().mark();
        vm2.execute(Stages.subscribe("test_sub", vm2, vm1, "test_pub"));
        lesson.logged(vm2, mark, Wording.of("duplicate key value violates unique constraint \"test_pkey\""));
        lesson.shows(vm2, "pg_subscription_rel", Stages.STATES, Row.of("test", "d"));

        lesson.cure();
        vm2.execute("TRUNCATE test");
        vm1.execute("INSERT INTO test VALUES (2, 'two')");
        lesson.proof(vm2, "test", Row.of(1, "one"), Row.of(2, "two"));
    }
}
