package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.topology.Topology;

/** A table that is published later, and that nobody asked for. */
final class ForgotRefresh implements Problem {

    @Override
    public String id() {
        return "forgot-refresh";
    }

    @Override
    public String page() {
        return "sql-altersubscription";
    }

    @Override
    public Topology topology() {
        return Stages.pair()
                .schema("CREATE TABLE extra (id integer PRIMARY KEY)")
                .build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        lesson.cluster().awaitReplicated();
        vm1.execute("GRANT SELECT ON extra TO replicator");
        vm1.execute("ALTER PUBLICATION test_pub ADD TABLE extra");
        vm1.execute("INSERT INTO extra VALUES (1)");
        vm1.execute("INSERT INTO test VALUES (1, 'written after it')");
        lesson.awaitTable(vm2, "test", Row.of(1, "written after it"));
        lesson.holds(vm2, "extra");
        lesson.shows(vm2, "pg_subscription_rel", Stages.TABLES, Row.of("test"));

        lesson.cure();
        vm2.execute("ALTER SUBSCRIPTION test_sub REFRESH PUBLICATION");
        lesson.proof(vm2, "extra", Row.of(1));
    }
}
