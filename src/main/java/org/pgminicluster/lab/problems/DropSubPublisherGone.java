package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.topology.Topology;

/** A subscription whose publisher is gone. */
final class DropSubPublisherGone implements Problem {

    @Override
    public String id() {
        return "drop-sub-publisher-gone";
    }

    @Override
    public String page() {
        return "sql-dropsubscription";
    }

    @Override
    public Topology topology() {
        return Stages.pair().build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        lesson.cluster().awaitReplicated();
        vm1.kill();
        lesson.refused(
                vm2,
                "DROP SUBSCRIPTION test_sub",
                Wording.of("could not connect to publisher when attempting to drop"));

        lesson.cure();
        vm2.execute("ALTER SUBSCRIPTION test_sub DISABLE");
        vm2.execute("ALTER SUBSCRIPTION test_sub SET (slot_name = NONE)");
        vm2.execute("DROP SUBSCRIPTION test_sub");
        vm1.start();
        lesson.cluster()
                .awaitValue(vm1, "SELECT slot_name || ' ' || active FROM pg_replication_slots", "test_sub false");
        vm1.query("SELECT pg_drop_replication_slot('test_sub')");
        vm2.execute(Stages.subscribe("test_sub", vm2, vm1, "test_pub"));
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        lesson.proof(vm2, "test", Row.of(1, "one"));
    }
}
