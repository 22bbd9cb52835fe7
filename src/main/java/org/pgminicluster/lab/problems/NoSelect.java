package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A role that may replicate but not read. */
final class NoSelect implements Problem {

    @Override
    public String id() {
        return "no-select";
    }

    @Override
    public String page() {
        return "logical-replication-security";
    }

    @Override
    public Topology topology() {
        return Stages.following(
                vm1 -> vm1.seed("INSERT INTO test VALUES (1, 'before')").publishes("test_pub", "test"));
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        vm1.execute("REVOKE SELECT ON test FROM replicator");
        ServerLog.Mark mark = vm2.log().mark();
        vm2.execute(Stages.subscribe("test_sub", vm2, vm1, "test_pub"));
        lesson.logged(vm2, mark, Wording.of("permission denied for table test"));
        lesson.shows(vm2, "pg_subscription_rel", Stages.STATES, Row.of("test", "d"));

        lesson.cure();
        vm1.execute("GRANT SELECT ON test TO replicator");
        lesson.proof(vm2, "test", Row.of(1, "before"));
    }
}
