package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.Session;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.topology.Topology;

/** A subscription that is made in a transaction. */
final class InTransaction implements Problem {

    @Override
    public String id() {
        return "in-transaction";
    }

    @Override
    public String page() {
        return "sql-createsubscription";
    }

    @Override
    public Topology topology() {
        return Stages.following(vm1 -> vm1.publishes("test_pub", "test"));
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        String subscribe = Stages.subscribe("test_sub", vm2, vm1, "test_pub");
        try (Session migration = vm2.session()) {
            migration.execute("BEGIN");
            lesson.refused(
                    vm2,
                    migration,
                    subscribe,
                    Wording.of(
                            "CREATE SUBSCRIPTION ... WITH (create_slot = true) cannot run inside a transaction block"));
            migration.execute("ROLLBACK");
        }

        lesson.cure();
        vm1.query("SELECT pg_create_logical_replication_slot('test_sub', 'pgoutput')");
        try (Session migration = vm2.session()) {
            migration.execute("BEGIN");
            migration.execute(subscribe + " WITH (create_slot = false)");
            migration.execute("COMMIT");
        }
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        lesson.proof(vm2, "test", Row.of(1, "one"));
    }
}
