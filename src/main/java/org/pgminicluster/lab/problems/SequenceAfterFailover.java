package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.Topology;

/** Writers move to the copy, whose sequence has never moved. */
final class SequenceAfterFailover implements Problem {

    @Override
    public String id() {
        return "sequence-after-failover";
    }

    @Override
    public String page() {
        return "logical-replication-restrictions";
    }

    @Override
    public Topology topology() {
        return Topology.named("a table with a sequence")
                .schema("CREATE TABLE item (id serial PRIMARY KEY, name text)")
                .node("vm1", vm1 -> vm1.publishes("item_pub", "item"))
                .node("vm2", vm2 -> vm2.subscribes("item_sub", "vm1", "item_pub"))
                .build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        vm1.execute("INSERT INTO item (name) VALUES ('one'), ('two')");
        lesson.awaitTable(vm2, "item", Row.of(1, "one"), Row.of(2, "two"));
        vm1.stop(StopMode.FAST);
        lesson.refused(
                vm2,
                "INSERT INTO item (name) VALUES ('three')",
                Wording.of("duplicate key value violates unique constraint \"item_pkey\""));

        lesson.cure();
        vm2.query("SELECT setval('item_id_seq', (SELECT max(id) FROM item))");
        vm2.execute("INSERT INTO item (name) VALUES ('three')");
        lesson.proof(vm2, "item", Row.of(1, "one"), Row.of(2, "two"), Row.of(3, "three"));
    }
}
