package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.topology.Topology;

/** A role that may log in but not replicate. */
final class NotReplicationRole implements Problem {

    @Override
    public String id() {
        return "not-replication-role";
    }

    @Override
    public String page() {
        return "logical-replication-security";
    }

    @Override
    public Topology topology() {
        return Stages.following(vm1 -> vm1.publishes("test_pub", "test"));
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        vm1.execute("ALTER ROLE replicator_vm2 NOREPLICATION");
        String subscribe = Stages.subscribe("test_sub", vm2, vm1, "test_pub");
        lesson.refused(
                vm2,
                subscribe,
                Wording.of("must be superuser or replication role to start walsender")
                        .since(16, "permission denied to start WAL sender"));

        lesson.cure();
        vm1.execute("ALTER ROLE replicator_vm2 REPLICATION");
        vm2.execute(subscribe);
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        lesson.proof(vm2, "test", Row.of(1, "one"));
    }
}
