package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A publisher that has no slot left for the initial copy. */
final class Limits implements Problem {

    @Override
    public String id() {
        return "limits";
    }

    @Override
    public String page() {
        return "logical-replication-config";
    }

    @Override
    public Topology topology() {
        return Stages.following(vm1 -> vm1.setting("max_replication_slots", "2")
                .seed("INSERT INTO test VALUES (1, 'before')")
                .publishes("test_pub", "test"));
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        vm1.query("SELECT pg_create_physical_replication_slot('somebody_left', true)");
        ServerLog.Mark mark = vm2.log().mark();
        vm2.execute(Stages.subscribe("test_sub", vm2, vm1, "test_pub"));
        lesson.logged(vm2, mark, Wording.of("all replication slots are in use"));
        lesson.holds(vm2, "test");
        lesson.shows(
                vm1,
                "pg_replication_slots",
                "SELECT slot_name, slot_type, current_setting('max_replication_slots') AS max_replication_slots"
                        + " FROM pg_replication_slots ORDER BY 1",
                Row.of("somebody_left", "physical", 2),
                Row.of("test_sub", "logical", 2));

        lesson.cure();
        vm1.query("SELECT pg_drop_replication_slot('somebody_left')");
        lesson.proof(vm2, "test", Row.of(1, "before"));
    }
}
