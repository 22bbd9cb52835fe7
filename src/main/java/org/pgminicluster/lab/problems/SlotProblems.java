package org.pgminicluster.lab.problems;

import static org.pgminicluster.lab.problems.Acts.BEFORE;
import static org.pgminicluster.lab.problems.Acts.SLOT_TAKEN;
import static org.pgminicluster.lab.problems.Acts.before;
import static org.pgminicluster.lab.problems.Acts.giveUpSlot;
import static org.pgminicluster.lab.problems.Acts.proveByRow;
import static org.pgminicluster.lab.problems.Acts.seedAgain;
import static org.pgminicluster.lab.problems.Acts.subscribe;
import static org.pgminicluster.lab.problems.Stages.PAIR;
import static org.pgminicluster.lab.problems.Stages.TRIO;
import static org.pgminicluster.lab.problems.Stages.problem;

import java.util.List;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Majors;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;

/** Slots that nobody reads, and slots that two want to read. */
final class SlotProblems {

    private SlotProblems() {}

    static List<Problem> all() {
        return List.of(orphanSlot(), dropSubPublisherGone(), cloneStealsSlot(), dropOnClone());
    }

    /** A slot that nobody reads any more. */
    private static Problem orphanSlot() {
        String kept = "SELECT slot_name, active, pg_current_wal_lsn() - restart_lsn > 1000000 AS keeps_more_than_1_mb"
                + " FROM pg_replication_slots";
        String status = "SELECT slot_name, wal_status FROM pg_replication_slots";
        return problem("orphan-slot", "view-pg-replication-slots", Majors.since(13), PAIR, (lesson, vm1, vm2) -> {
            before(lesson, vm1);
            vm2.stop(StopMode.FAST);
            vm1.execute("INSERT INTO test VALUES (2, 'in WAL that is kept for the slot')");
            vm1.execute("INSERT INTO test SELECT i, repeat('x', 100) FROM generate_series(1000, 11000) AS i");
            vm1.execute("DELETE FROM test WHERE id >= 1000");
            lesson.shows(vm1, "pg_replication_slots", kept, Row.of("test_sub", false, true));
            ServerLog.Mark mark = vm2.log().mark();
            try (Fault limit = lesson.cluster().faults().limitSlotWal(vm1, 32)) {
                lesson.cluster().faults().loseSlot(vm1, "test_sub");
                lesson.shows(vm1, "pg_replication_slots", status, Row.of("test_sub", "lost"));
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
            seedAgain("test_sub", vm2, vm1);
            lesson.proof(vm2, "test", BEFORE, Row.of(2, "in WAL that is kept for the slot"));
        });
    }

    /** A subscription whose publisher is gone. */
    private static Problem dropSubPublisherGone() {
        return problem("drop-sub-publisher-gone", "sql-dropsubscription", PAIR, (lesson, vm1, vm2) -> {
            lesson.awaitReplicated();
            vm1.kill();
            lesson.refused(vm2, "DROP SUBSCRIPTION test_sub", "could not connect to publisher when attempting to drop");

            lesson.cure();
            giveUpSlot(vm2, "test_sub");
            vm2.execute("DROP SUBSCRIPTION test_sub");
            vm1.start();
            lesson.awaitValue(vm1, "SELECT slot_name || ' ' || active FROM pg_replication_slots", "test_sub false");
            vm1.query("SELECT pg_drop_replication_slot('test_sub')");
            vm2.execute(subscribe(vm2, vm1));
            proveByRow(lesson, vm1, vm2);
        });
    }

    /** A copy of a subscriber that was started as a server of its own. */
    private static Problem cloneStealsSlot() {
        Row stolen = Row.of(2, "stolen");
        return problem("clone-steals-slot", "warm-standby", TRIO, (lesson, vm1, vm3, vm4) -> {
            before(lesson, vm1);
            ServerLog.Mark mark4 = vm4.log().mark();
            lesson.cluster().standbys().startWithoutSignal(vm4);
            lesson.logged(vm4, mark4, SLOT_TAKEN);
            vm3.stop(StopMode.FAST);
            vm1.execute("INSERT INTO test VALUES (2, 'stolen')");
            lesson.awaitTable(vm4, "test", BEFORE, stolen);
            ServerLog.Mark mark3 = vm3.log().mark();
            vm3.start();
            lesson.logged(vm3, mark3, SLOT_TAKEN);
            lesson.holds(vm4, "test", BEFORE, stolen);
            lesson.holds(vm3, "test", BEFORE);

            lesson.cure();
            giveUpSlot(vm4, "vm3_test_sub");
            vm4.execute("DROP SUBSCRIPTION vm3_test_sub");
            seedAgain("vm3_test_sub", vm3, vm1);
            vm1.execute("INSERT INTO test VALUES (3, 'after')");
            lesson.proof(vm3, "test", BEFORE, stolen, Row.of(3, "after"));
        });
    }

    /** A subscription is dropped on a copy of the subscriber, and the slot that both have goes with it. */
    private static Problem dropOnClone() {
        return problem("drop-on-clone", "sql-dropsubscription", TRIO, (lesson, vm1, vm3, vm4) -> {
            before(lesson, vm1);
            lesson.cluster().standbys().startWithoutSignal(vm4);
            vm3.stop(StopMode.FAST);
            vm4.execute("DROP SUBSCRIPTION vm3_test_sub");
            lesson.shows(vm1, "pg_replication_slots", Acts.SLOTS);
            vm1.execute("INSERT INTO test VALUES (2, 'in no slot')");
            ServerLog.Mark mark = vm3.log().mark();
            vm3.start();
            lesson.logged(vm3, mark, "replication slot \"vm3_test_sub\" does not exist");
            lesson.holds(vm3, "test", BEFORE);

            lesson.cure();
            giveUpSlot(vm3, "vm3_test_sub");
            seedAgain("vm3_test_sub", vm3, vm1);
            lesson.proof(vm3, "test", BEFORE, Row.of(2, "in no slot"));
        });
    }
}
