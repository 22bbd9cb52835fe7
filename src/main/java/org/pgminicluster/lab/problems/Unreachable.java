package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.topology.Topology;

/** A publisher that is looked for where it is not. */
final class Unreachable implements Problem {

    @Override
    public String id() {
        return "unreachable";
    }

    @Override
    public String page() {
        return "libpq-connect";
    }

    @Override
    public Topology topology() {
        return Stages.following(vm1 -> vm1.publishes("test_pub", "test"));
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        lesson.refused(
                vm2,
                "CREATE SUBSCRIPTION test_sub CONNECTION 'host=127.0.0.1 port=1 dbname=rep user=replicator_vm2' PUBLICATION test_pub",
                Wording.of("Connection refused"));

        lesson.cure();
        vm2.execute(Stages.subscribe("test_sub", vm2, vm1, "test_pub"));
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        lesson.proof(vm2, "test", Row.of(1, "one"));
    }
}
