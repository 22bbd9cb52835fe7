package org.pgminicluster.lab.problems;

import static org.pgminicluster.lab.problems.Acts.BEFORE;
import static org.pgminicluster.lab.problems.Acts.SLOT_TAKEN;
import static org.pgminicluster.lab.problems.Acts.alterSystem;
import static org.pgminicluster.lab.problems.Acts.awaitConfirmed;
import static org.pgminicluster.lab.problems.Acts.awaitSynchronous;
import static org.pgminicluster.lab.problems.Acts.before;
import static org.pgminicluster.lab.problems.Acts.confirmed;
import static org.pgminicluster.lab.problems.Acts.giveUpSlot;
import static org.pgminicluster.lab.problems.Acts.seedAgain;
import static org.pgminicluster.lab.problems.Acts.waitFor;
import static org.pgminicluster.lab.problems.Acts.waitForNobody;
import static org.pgminicluster.lab.problems.Stages.PAIR;
import static org.pgminicluster.lab.problems.Stages.TEST;
import static org.pgminicluster.lab.problems.Stages.TRIO;
import static org.pgminicluster.lab.problems.Stages.pair;
import static org.pgminicluster.lab.problems.Stages.problem;
import static org.pgminicluster.lab.problems.Stages.withStandby;

import java.util.List;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Majors;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.script.GuardSql;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.session.RunningStatement;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** Standbys: what they lack when they take over, and who waits for them. */
final class StandbyProblems {

    private static final String READ_ONLY = "cannot execute INSERT in a read-only transaction";

    private static final String SYNC_STATES = "SELECT application_name, sync_state FROM pg_stat_replication";

    private static final Row AFTER_FAILOVER = Row.of(3, "after the failover");

    private StandbyProblems() {}

    static List<Problem> all() {
        return List.of(
                promotionGap(),
                syncNamesAlone(),
                guardedFailover(),
                guardAfterFailover(),
                oldPrimaryReturns(),
                silentLink(),
                walRemoved(),
                syncStarHang(),
                syncTruncateHang(),
                vm4StartAndRead(),
                publisherFailover());
    }

    /** A subscriber's standby is promoted and lacks what it had not received. */
    private static Problem promotionGap() {
        Row onlyOnVm3 = Row.of(2, "only on vm3");
        return problem("promotion-gap", "warm-standby-failover", TRIO, (lesson, vm1, vm3, vm4) -> {
            before(lesson, vm1);
            vm4.stop(StopMode.FAST);
            vm1.execute("INSERT INTO test VALUES (2, 'only on vm3')");
            // What vm3 has applied is lost only once vm3 has confirmed it.
            awaitConfirmed(lesson, vm1, vm3);
            vm3.kill();
            vm4.start();
            lesson.cluster().failOver("vm3", "vm4");
            vm1.execute("INSERT INTO test VALUES (3, 'after the failover')");
            lesson.awaitTable(vm4, "test", BEFORE, AFTER_FAILOVER);
            lesson.holds(vm1, "test", BEFORE, onlyOnVm3, AFTER_FAILOVER);
            lesson.holds(vm4, "test", BEFORE, AFTER_FAILOVER);

            lesson.cure();
            seedAgain("vm3_test_sub", vm4, vm1);
            lesson.proof(vm4, "test", BEFORE, onlyOnVm3, AFTER_FAILOVER);
        });
    }

    /** A subscriber with a synchronous standby, for which what it applies does not wait. */
    private static Problem syncNamesAlone() {
        String level = "SELECT subname, subsynccommit FROM pg_subscription";
        return problem("sync-names-alone", "sql-createsubscription", TRIO, (lesson, vm1, vm3, vm4) -> {
            lesson.awaitReplicated();
            waitFor(lesson, vm3, "vm4");
            lesson.cluster().standbys().awaitReplayed(vm4);
            lesson.shows(vm3, "pg_stat_replication", SYNC_STATES, Row.of("vm4", "sync"));
            vm4.stop(StopMode.FAST);
            vm1.execute("INSERT INTO test VALUES (1, 'waits for nobody')");
            awaitConfirmed(lesson, vm1, vm3);
            lesson.shows(vm1, "pg_replication_slots", pastTheRow(vm1), Row.of("vm3_test_sub", true));
            lesson.shows(vm3, "pg_subscription", level, Row.of("vm3_test_sub", "off"));

            lesson.cure();
            vm4.start();
            awaitSynchronous(lesson, vm3);
            lesson.cluster().standbys().awaitReplayed(vm4);
            vm3.execute("ALTER SUBSCRIPTION vm3_test_sub SET (synchronous_commit = on)");
            vm4.stop(StopMode.FAST);
            vm1.execute("INSERT INTO test VALUES (2, 'waits for vm4')");
            lesson.awaitValue(vm3, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'", 1);
            lesson.check(
                    "slot_name, is_past_the_row",
                    Row.of("vm3_test_sub", false).toString(),
                    vm1.query(pastTheRow(vm1)).values().get(0).toString());
            // Frozen first: what the apply worker says while vm3 goes down might confirm the row.
            vm3.pause();
            vm3.kill();
            vm4.start();
            lesson.cluster().failOver("vm3", "vm4");
            lesson.proof(vm4, "test", Row.of(1, "waits for nobody"), Row.of(2, "waits for vm4"));
        });
    }

    private static String pastTheRow(Node publisher) {
        return "SELECT slot_name, " + confirmed(publisher) + " AS is_past_the_row FROM pg_replication_slots";
    }

    /** The same loss as in the promotion gap, for which the publishers had provided. */
    private static Problem guardedFailover() {
        Topology guarded = HomeworkTopology.withGuardedStandby();
        return problem("guarded-failover", "functions-admin", guarded, lesson -> {
            Node vm1 = lesson.node("vm1"), vm3 = lesson.node("vm3"), vm4 = lesson.node("vm4");
            before(lesson, vm1);
            try (Fault cut = lesson.cluster().faults().cut(vm3, vm4)) {
                vm1.execute("INSERT INTO test VALUES (2, 'only on vm3')");
                awaitConfirmed(lesson, vm1, vm3);
                lesson.shows(
                        vm1,
                        "pg_replication_slots",
                        "SELECT slot_name, " + confirmed(vm1) + " AS is_past_row_2"
                                + " FROM pg_replication_slots WHERE slot_name LIKE '%vm3_test_sub' ORDER BY 1",
                        Row.of("failover_vm4_vm3_test_sub", false),
                        Row.of("vm3_test_sub", true));
                lesson.holds(vm4, "test", BEFORE);
                lesson.check(cut.description(), "open", cut.isOpen() ? "open" : "healed");

                lesson.cure();
                vm3.kill();
                lesson.cluster().failOver("vm3", "vm4");
            }
            vm1.execute("INSERT INTO test VALUES (3, 'after the failover')");
            lesson.proof(vm4, "test", BEFORE, Row.of(2, "only on vm3"), AFTER_FAILOVER);
        });
    }

    /** A promoted standby has the guards of its primary. */
    private static Problem guardAfterFailover() {
        Topology guarded = Topology.named("vm3 holds a read-only copy, and vm4 is a standby of vm3")
                .schema(TEST)
                .node("vm1", vm1 -> vm1.publishes("test_pub", "test"))
                .node("vm3", vm3 -> vm3.readOnly("test").subscribes("vm3_test_sub", "vm1", "test_pub"))
                .standby("vm4")
                .of("vm3")
                .build();
        String write = "INSERT INTO test VALUES (2, 'written on vm4')";
        return problem("guard-after-failover", "hot-standby", guarded, (lesson, vm1, vm3, vm4) -> {
            vm1.execute("INSERT INTO test VALUES (1, 'one')");
            lesson.awaitReplicated();
            lesson.refused(vm4, write, READ_ONLY);
            vm3.kill();
            lesson.cluster().failOver("vm3", "vm4");
            lesson.refused(vm4, write, GuardSql.MESSAGE);

            lesson.cure();
            vm4.execute("DROP SUBSCRIPTION vm3_test_sub");
            vm4.execute("DROP TRIGGER read_only_write ON test");
            vm4.execute("DROP TRIGGER read_only_truncate ON test");
            vm4.execute(write);
            lesson.proof(vm4, "test", Row.of(1, "one"), Row.of(2, "written on vm4"));
        });
    }

    /** A subscriber that was failed over from is started again, and does not know it. */
    private static Problem oldPrimaryReturns() {
        Row meanwhile = Row.of(2, "while vm4 restarts");
        return problem("old-primary-returns", "warm-standby-failover", TRIO, (lesson, vm1, vm3, vm4) -> {
            before(lesson, vm1);
            vm3.kill();
            lesson.cluster().failOver("vm3", "vm4");
            ServerLog.Mark mark3 = vm3.log().mark();
            vm3.start();
            lesson.logged(vm3, mark3, SLOT_TAKEN);
            vm4.stop(StopMode.FAST);
            vm1.execute("INSERT INTO test VALUES (2, 'while vm4 restarts')");
            lesson.awaitTable(vm3, "test", BEFORE, meanwhile);
            ServerLog.Mark mark4 = vm4.log().mark();
            vm4.start();
            lesson.logged(vm4, mark4, SLOT_TAKEN);
            lesson.holds(vm3, "test", BEFORE, meanwhile);
            lesson.holds(vm4, "test", BEFORE);

            lesson.cure();
            vm3.stop(StopMode.FAST);
            lesson.cluster().standbys().rejoin(vm3);
            seedAgain("vm3_test_sub", vm4, vm1);
            vm1.execute("INSERT INTO test VALUES (3, 'after')");
            lesson.proof(vm3, "test", BEFORE, meanwhile, Row.of(3, "after"));
        });
    }

    /** A subscriber falls silent, and the publisher still keeps its slot for it when the standby has taken over. */
    private static Problem silentLink() {
        String active = "SELECT slot_name, active, current_setting('wal_sender_timeout') AS wal_sender_timeout"
                + " FROM pg_replication_slots";
        Topology patient =
                withStandby().of("vm3").setting("wal_sender_timeout", "60s").build();
        return problem("silent-link", "runtime-config-replication", patient, (lesson, vm1, vm3, vm4) -> {
            before(lesson, vm1);
            vm3.pause();
            ServerLog.Mark mark = vm4.log().mark();
            vm4.promote();
            vm1.execute("INSERT INTO test VALUES (2, 'after the promotion')");
            lesson.logged(vm4, mark, SLOT_TAKEN);
            lesson.shows(vm1, "pg_replication_slots", active, Row.of("vm3_test_sub", true, "1min"));
            lesson.holds(vm4, "test", BEFORE);

            lesson.cure();
            vm1.query("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots"
                    + " WHERE slot_name = 'vm3_test_sub'");
            lesson.proof(vm4, "test", BEFORE, Row.of(2, "after the promotion"));
            // It must not wake up and want its slot back.
            vm3.kill();
        });
    }

    /** A standby without a slot was away for longer than its primary keeps WAL. */
    private static Problem walRemoved() {
        // More than a primary keeps that nobody asked to keep any.
        int segments = 3;
        return problem("wal-removed", "warm-standby", TRIO, (lesson, vm1, vm3, vm4) -> {
            before(lesson, vm1);
            alterSystem(vm4, "SET primary_slot_name = ''");
            if (lesson.major() < 13) {
                // Only then was it a setting that a reload changes.
                vm4.restart();
            }
            lesson.awaitValue(vm3, "SELECT active FROM pg_replication_slots WHERE slot_name = 'vm4'", false);
            vm3.query("SELECT pg_drop_replication_slot('vm4')");
            vm4.stop(StopMode.FAST);
            for (int segment = 0; segment < segments; segment++) {
                vm3.execute("CREATE TABLE filler (); DROP TABLE filler");
                vm3.query("SELECT pg_switch_wal()");
                vm3.execute("CHECKPOINT");
            }
            vm1.execute("INSERT INTO test VALUES (2, 'while vm4 was away')");
            lesson.cluster().awaitReplicated(vm3, "vm3_test_sub");
            ServerLog.Mark mark = vm4.log().mark();
            vm4.start();
            lesson.logged(vm4, mark, "requested WAL segment ");
            lesson.holds(vm4, "test", BEFORE);

            lesson.cure();
            lesson.cluster().standbys().remake(vm4);
            lesson.proof(vm4, "test", BEFORE, Row.of(2, "while vm4 was away"));
        });
    }

    /** A publisher that waits for everybody, subscriptions included. */
    private static Problem syncStarHang() {
        // Longer than the statement_timeout, which does not end this wait.
        String hangs = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
                + " AND query_start < clock_timestamp() - interval '600 ms'";
        String waiting = "SELECT wait_event_type, wait_event FROM pg_stat_activity WHERE wait_event = 'SyncRep'";
        return problem("sync-star-hang", "runtime-config-replication", PAIR, (lesson, vm1, vm2) -> {
            lesson.awaitReplicated();
            waitFor(lesson, vm1, "*");
            lesson.shows(vm1, "pg_stat_replication", SYNC_STATES, Row.of("test_sub", "sync"));
            vm2.stop(StopMode.FAST);
            try (RunningStatement insert =
                    vm1.executeInBackground("SET statement_timeout = '300ms'; INSERT INTO test VALUES (1, 'one')")) {
                lesson.awaitValue(vm1, hangs, 1);
                lesson.shows(vm1, "pg_stat_activity", waiting, Row.of("IPC", "SyncRep"));

                lesson.cure();
                waitForNobody(vm1);
                insert.await();
            }
            vm2.start();
            lesson.proof(vm2, "test", Row.of(1, "one"));
        });
    }

    /** A TRUNCATE waits for its subscription, and what feeds the subscription waits for the TRUNCATE. */
    private static Problem syncTruncateHang() {
        String both = "SELECT backend_type, wait_event_type FROM pg_stat_activity"
                + " WHERE wait_event = 'SyncRep' OR backend_type = 'walsender' AND wait_event_type = 'Lock' ORDER BY 1";
        Majors majors = new Majors(11, 13);
        return problem("sync-truncate-hang", "logicaldecoding-synchronous", majors, PAIR, (lesson, vm1, vm2) -> {
            vm1.execute("INSERT INTO test VALUES (1, 'one')");
            lesson.awaitTable(vm2, "test", Row.of(1, "one"));
            waitFor(lesson, vm1, "test_sub");
            try (RunningStatement truncate = vm1.executeInBackground("TRUNCATE test")) {
                lesson.awaitValue(vm1, "SELECT count(*) FROM (" + both + ") AS both_wait", 2);
                lesson.shows(
                        vm1, "pg_stat_activity", both, Row.of("client backend", "IPC"), Row.of("walsender", "Lock"));
                lesson.holds(vm2, "test", Row.of(1, "one"));

                lesson.cure();
                waitForNobody(vm1);
                truncate.await();
            }
            vm1.execute("INSERT INTO test VALUES (2, 'two')");
            lesson.proof(vm2, "test", Row.of(2, "two"));
        });
    }

    /** What a hot standby refuses, and what it cancels. */
    private static Problem vm4StartAndRead() {
        String query = "SELECT count(*), pg_sleep(20) FROM test";
        String runs = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        Topology impatient = withStandby()
                .setting("max_standby_streaming_delay", "0")
                .of("vm3")
                .build();
        return problem("vm4-start-and-read", "hot-standby", impatient, (lesson, vm1, vm3, vm4) -> {
            vm1.execute("INSERT INTO test VALUES (1, 'one'), (2, 'two')");
            lesson.awaitReplicated();
            lesson.refused(vm4, "INSERT INTO test VALUES (3, 'three')", READ_ONLY);
            try (RunningStatement report = vm4.executeInBackground(query)) {
                lesson.awaitValue(vm4, runs, 1);
                deleteAndVacuum(lesson, vm1, vm3, 2);
                lesson.failed(vm4, report, "canceling statement due to conflict with recovery");
            }

            lesson.cure();
            alterSystem(vm4, "SET hot_standby_feedback = on");
            try (RunningStatement report = vm4.executeInBackground(query)) {
                lesson.awaitValue(vm3, "SELECT xmin IS NOT NULL FROM pg_replication_slots", true);
                vm1.execute("INSERT INTO test VALUES (3, 'three')");
                deleteAndVacuum(lesson, vm1, vm3, 1);
                lesson.cluster().standbys().awaitReplayed(vm4);
                lesson.check("SELECT ... FROM test", "runs", report.isDone() ? "ended" : "runs");
            }
            lesson.proof(vm4, "test", Row.of(3, "three"));
        });
    }

    /** What the standby's query may still have to see is removed on the primary. */
    private static void deleteAndVacuum(Lesson lesson, Node vm1, Node vm3, int id) {
        vm1.execute("DELETE FROM test WHERE id = " + id);
        lesson.cluster().awaitReplicated(vm3, "vm3_test_sub");
        vm3.execute("VACUUM test");
    }

    /** A publisher is lost, and its standby has none of its slots. */
    private static Problem publisherFailover() {
        Topology standby = pair().standby("vm4").of("vm1").build();
        return problem("publisher-failover", "warm-standby-failover", standby, (lesson, vm1, vm2, vm4) -> {
            before(lesson, vm1);
            vm1.kill();
            lesson.cluster().failOver("vm1", "vm4");
            ServerLog.Mark mark = vm2.log().mark();
            vm2.execute("ALTER SUBSCRIPTION test_sub CONNECTION '" + vm2.conninfoTo(vm4, "test_sub") + "'");
            // The worker may still be waiting for an answer from where vm1 was.
            vm2.query("SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE pid IS NOT NULL");
            vm4.execute("INSERT INTO test VALUES (2, 'written on vm4')");
            lesson.logged(vm2, mark, "replication slot \"test_sub\" does not exist");
            lesson.holds(vm2, "test", BEFORE);
            lesson.shows(vm4, "pg_replication_slots", Acts.SLOTS);

            lesson.cure();
            giveUpSlot(vm2, "test_sub");
            seedAgain("test_sub", vm2, vm4);
            lesson.proof(vm2, "test", BEFORE, Row.of(2, "written on vm4"));
        });
    }
}
