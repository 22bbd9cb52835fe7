package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.topology.Topology;

/** A published table without a primary key. */
final class NoReplicaIdentity implements Problem {

    @Override
    public String id() {
        return "no-replica-identity";
    }

    @Override
    public String page() {
        return "logical-replication-publication";
    }

    @Override
    public Topology topology() {
        return Topology.named("a table without a key")
                .schema("CREATE TABLE nopk (id integer NOT NULL, name text)")
                .node("vm1", vm1 -> vm1.publishes("nopk_pub", "nopk"))
                .node("vm2", vm2 -> vm2.subscribes("nopk_sub", "vm1", "nopk_pub"))
                .build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");
        // A table that is still being copied would hold up the ALTER TABLE of the cure, and that the copy.
        lesson.cluster().awaitReplicated();

        vm1.execute("INSERT INTO nopk VALUES (1, 'draft')");
        lesson.refused(
                vm1,
                "UPDATE nopk SET name = 'final' WHERE id = 1",
                Wording.of(
                        "cannot update table \"nopk\" because it does not have a replica identity and publishes updates"));

        lesson.cure();
        vm2.execute("ALTER TABLE nopk ADD PRIMARY KEY (id)");
        vm1.execute("ALTER TABLE nopk ADD PRIMARY KEY (id)");
        vm1.execute("UPDATE nopk SET name = 'final' WHERE id = 1");
        lesson.proof(vm2, "nopk", Row.of(1, "final"));
    }
}
