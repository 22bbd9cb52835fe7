package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A table that is published before the subscriber has it. */
final class PoisonTable implements Problem {

    @Override
    public String id() {
        return "poison-table";
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
        vm1.execute("CREATE TABLE extra (id integer PRIMARY KEY)");
        vm1.execute("GRANT SELECT ON extra TO replicator");
        vm1.execute("ALTER PUBLICATION test_pub ADD TABLE extra");
        vm1.execute("INSERT INTO extra VALUES (1)");
        lesson.logged(vm2, mark, Wording.of("logical replication target relation \"public.extra\" does not exist"));
        vm1.execute("ALTER PUBLICATION test_pub DROP TABLE extra");
        ServerLog.Mark dropped = vm2.log().mark();
        vm1.execute("INSERT INTO test VALUES (1, 'waits for extra')");
        lesson.logged(vm2, dropped, Wording.of("logical replication target relation \"public.extra\" does not exist"));
        lesson.holds(vm2, "test");

        lesson.cure();
        vm2.execute("CREATE TABLE extra (id integer PRIMARY KEY)");
        lesson.proof(vm2, "test", Row.of(1, "waits for extra"));
        vm1.execute("ALTER PUBLICATION test_pub ADD TABLE extra");
        vm2.execute("ALTER SUBSCRIPTION test_sub REFRESH PUBLICATION");
        lesson.proof(vm2, "extra", Row.of(1));
    }
}
