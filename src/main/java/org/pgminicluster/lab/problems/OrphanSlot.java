package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Fault;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Majors;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.Topology;

/** A slot that nobody reads any more. */
final class OrphanSlot implements Problem {

    private static final String KEPT =
            "SELECT slot_name, active, pg_current_wal_lsn() - restart_lsn > 1000000 AS keeps_more_than_1_mb"
                    + " FROM pg_replication_slots";

    @Override
    public String id() {
        return "orphan-slot";
    }

    @Override
    public String page() {
        return "view-pg-replication-slots";
    }

    @Override
    public Majors majors() {
        return Majors.since(13);
    }

    @Override
    public Topology topology() {
        return Stages.pair().build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        lesson.cluster().awaitReplicated();
        vm2.stop(StopMode.FAST);
        vm1.execute("INSERT INTO test VALUES (2, 'in WAL that is kept for the slot')");
        vm1.execute("INSERT INTO test SELECT i, repeat('x', 100) FROM generate_series(1000, 11000) AS i");
        vm1.execute("DELETE FROM test WHERE id >= 1000");
        lesson.shows(vm1, "pg_replication_slots", KEPT, Row.of("test_sub", false, true));
        ServerLog.Mark mark = vm2.log().mark();
        try (Fault limit = lesson.cluster().faults().limitSlotWal(vm1, 32)) {
            lesson.cluster().faults().loseSlot(vm1, "test_sub");
            lesson.shows(
                    vm1,
                    "pg_replication_slots",
                    "SELECT slot_name, wal_status FROM pg_replication_slots",
                    Row.of("test_sub", "lost"));
            lesson.check("max_slot_wal_keep_size", "true", String.valueOf(limit.isOpen()));
        }
        vm2.start();
        lesson.logged(
                vm2,
                mark,
                Wording.of("cannot read from logical replication slot \"test_sub\"")
                        .since(16, "can no longer get changes from replication slot \"test_sub\"")
                        .since(18, "can no longer access replication slot \"test_sub\""));

        lesson.cure();
        Stages.seedAgain("test_sub", vm2, vm1);
        lesson.proof(vm2, "test", Row.of(1, "before"), Row.of(2, "in WAL that is kept for the slot"));
    }
}
