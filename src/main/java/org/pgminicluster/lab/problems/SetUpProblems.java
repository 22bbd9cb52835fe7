package org.pgminicluster.lab.problems;

import static org.pgminicluster.lab.problems.Acts.BEFORE;
import static org.pgminicluster.lab.problems.Acts.WRITE_BEFORE;
import static org.pgminicluster.lab.problems.Acts.alterSystem;
import static org.pgminicluster.lab.problems.Acts.proveByRow;
import static org.pgminicluster.lab.problems.Acts.reload;
import static org.pgminicluster.lab.problems.Acts.subscribe;
import static org.pgminicluster.lab.problems.Stages.FOLLOWING;
import static org.pgminicluster.lab.problems.Stages.PAIR;
import static org.pgminicluster.lab.problems.Stages.TEST;
import static org.pgminicluster.lab.problems.Stages.following;
import static org.pgminicluster.lab.problems.Stages.pair;
import static org.pgminicluster.lab.problems.Stages.problem;

import java.util.List;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Majors;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.RunningStatement;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/** What keeps a subscription from being made, or from getting its tables. */
final class SetUpProblems {

    private static final String EXTRA = "CREATE TABLE extra (id integer PRIMARY KEY)";

    private static final String TABLES = "SELECT srrelid::regclass AS table FROM pg_subscription_rel ORDER BY 1";

    private SetUpProblems() {}

    static List<Problem> all() {
        return List.of(
                walLevel(),
                slotNameClash(),
                pgHba(),
                unreachable(),
                notReplicationRole(),
                notSuperuserSubscriber(),
                noSelect(),
                subTableMissing(),
                poisonTable(),
                forgotRefresh(),
                publicationMissing(),
                inTransaction(),
                createHangs(),
                limits());
    }

    /** A publisher whose WAL cannot be decoded. */
    private static Problem walLevel() {
        Topology bare = following(vm1 -> {});
        return problem("wal-level", "logical-replication-config", Majors.until(18), bare, (lesson, vm1, vm2) -> {
            ServerLog.Mark mark = vm1.log().mark();
            vm1.execute("CREATE PUBLICATION test_pub FOR TABLE test");
            vm1.execute("GRANT SELECT ON test TO replicator");
            vm1.execute("INSERT INTO test VALUES (1, 'one')");
            if (lesson.major() >= 13) {
                // Before, nobody was told.
                lesson.logged(
                        vm1,
                        mark,
                        Wording.of("wal_level is insufficient to publish logical changes")
                                .since(17, "\"wal_level\" is insufficient to publish logical changes"));
            }
            lesson.refused(
                    vm2,
                    subscribe(vm2, vm1),
                    Wording.of("logical decoding requires wal_level >= logical")
                            .since(17, "logical decoding requires \"wal_level\" >= \"logical\""));
            alterSystem(vm1, "SET wal_level = logical");
            String pending = "FROM pg_settings WHERE name = 'wal_level'";
            lesson.awaitValue(vm1, "SELECT pending_restart " + pending, true);
            lesson.shows(vm1, "pg_settings", "SELECT setting, pending_restart " + pending, Row.of("replica", true));

            lesson.cure();
            vm1.restart();
            vm2.execute(subscribe(vm2, vm1));
            lesson.proof(vm2, "test", Row.of(1, "one"));
        });
    }

    /** Two subscriptions of one name at the same publisher. */
    private static Problem slotNameClash() {
        Topology three = pair().node("vm3", vm3 -> vm3.mayFollow("vm1")).build();
        return problem("slot-name-clash", "logical-replication-subscription", three, lesson -> {
            Node vm1 = lesson.node("vm1"), vm3 = lesson.node("vm3");
            lesson.refused(vm3, subscribe(vm3, vm1), "replication slot \"test_sub\" already exists");

            lesson.cure();
            vm3.execute(Lesson.createSubscription("vm3_test_sub", vm3, vm1, "test_pub"));
            proveByRow(lesson, vm1, vm3);
        });
    }

    /** A publisher that does not let the subscriber in. */
    private static Problem pgHba() {
        return problem("pg-hba", "auth-pg-hba-conf", FOLLOWING, (lesson, vm1, vm2) -> {
            vm1.execute(hba("line LIKE 'host%postgres%'", "host all postgres all scram-sha-256"));
            reload(lesson, vm1);
            lesson.refused(
                    vm2,
                    subscribe(vm2, vm1),
                    Wording.of("no pg_hba.conf entry for replication connection from host")
                            .since(14, "no pg_hba.conf entry for host"));

            lesson.cure();
            vm1.execute(hba("true", "host rep +replicator all scram-sha-256"));
            reload(lesson, vm1);
            vm2.execute(subscribe(vm2, vm1));
            proveByRow(lesson, vm1, vm2);
        });
    }

    /**
     * Written by the server itself: the one file that a person would open in an editor.
     *
     * @param kept what holds for the lines that stay
     * @param added the line behind them
     */
    private static String hba(String kept, String added) {
        return """
                DO $$
                BEGIN
                  CREATE TEMP TABLE hba (line text);
                  EXECUTE format('COPY hba FROM %%L', current_setting('hba_file'));
                  DELETE FROM hba WHERE NOT %s;
                  INSERT INTO hba VALUES ('%s');
                  EXECUTE format('COPY hba TO %%L', current_setting('hba_file'));
                  DROP TABLE hba;
                END $$""".formatted(kept, added);
    }

    /** A publisher that is looked for where it is not. */
    private static Problem unreachable() {
        return problem("unreachable", "libpq-connect", FOLLOWING, (lesson, vm1, vm2) -> {
            lesson.refused(
                    vm2,
                    "CREATE SUBSCRIPTION test_sub CONNECTION 'host=127.0.0.1 port=1 dbname=rep user=replicator_vm2'"
                            + " PUBLICATION test_pub",
                    "Connection refused");

            lesson.cure();
            vm2.execute(subscribe(vm2, vm1));
            proveByRow(lesson, vm1, vm2);
        });
    }

    /** A role that may log in but not replicate. */
    private static Problem notReplicationRole() {
        return problem("not-replication-role", "logical-replication-security", FOLLOWING, (lesson, vm1, vm2) -> {
            vm1.execute("ALTER ROLE replicator_vm2 NOREPLICATION");
            lesson.refused(
                    vm2,
                    subscribe(vm2, vm1),
                    Wording.of("must be superuser or replication role to start walsender")
                            .since(16, "permission denied to start WAL sender"));

            lesson.cure();
            vm1.execute("ALTER ROLE replicator_vm2 REPLICATION");
            vm2.execute(subscribe(vm2, vm1));
            proveByRow(lesson, vm1, vm2);
        });
    }

    /** Somebody subscribes who may not. */
    private static Problem notSuperuserSubscriber() {
        return problem("not-superuser-subscriber", "sql-createsubscription", FOLLOWING, (lesson, vm1, vm2) -> {
            vm2.execute("CREATE ROLE app");
            try (Session app = vm2.session()) {
                app.execute("SET ROLE app");
                lesson.refused(
                        vm2,
                        app,
                        subscribe(vm2, vm1),
                        Wording.of("must be superuser to create subscriptions")
                                .since(16, "permission denied to create subscription"));
                app.execute("RESET ROLE");
            }

            lesson.cure();
            vm2.execute(subscribe(vm2, vm1));
            proveByRow(lesson, vm1, vm2);
        });
    }

    /** A role that may replicate but not read. */
    private static Problem noSelect() {
        Topology seeded = FOLLOWING.seeded("vm1", WRITE_BEFORE);
        return problem("no-select", "logical-replication-security", seeded, (lesson, vm1, vm2) -> {
            vm1.execute("REVOKE SELECT ON test FROM replicator");
            ServerLog.Mark mark = vm2.log().mark();
            vm2.execute(subscribe(vm2, vm1));
            lesson.logged(
                    vm2,
                    mark,
                    Wording.of("permission denied for relation test").since(11, "permission denied for table test"));
            lesson.shows(vm2, "pg_subscription_rel", Acts.STATES, Row.of("test", "d"));

            lesson.cure();
            vm1.execute("GRANT SELECT ON test TO replicator");
            lesson.proof(vm2, "test", BEFORE);
        });
    }

    /** A subscriber without the table. */
    private static Problem subTableMissing() {
        Topology without = Topology.named("a subscriber without the table")
                .node("vm1", vm1 -> vm1.schema(TEST).seed(WRITE_BEFORE).publishes("test_pub", "test"))
                .node("vm2", vm2 -> vm2.mayFollow("vm1"))
                .build();
        return problem("sub-table-missing", "logical-replication-restrictions", without, (lesson, vm1, vm2) -> {
            lesson.refused(vm2, subscribe(vm2, vm1), "relation \"public.test\" does not exist");

            lesson.cure();
            vm2.execute(TEST);
            vm2.execute(subscribe(vm2, vm1));
            lesson.proof(vm2, "test", BEFORE);
        });
    }

    /** A table that is published before the subscriber has it. */
    private static Problem poisonTable() {
        return problem("poison-table", "logical-replication-restrictions", PAIR, (lesson, vm1, vm2) -> {
            String missing = "logical replication target relation \"public.extra\" does not exist";
            lesson.awaitReplicated();
            ServerLog.Mark mark = vm2.log().mark();
            vm1.execute(EXTRA);
            publishExtra(vm1);
            lesson.logged(vm2, mark, missing);
            vm1.execute("ALTER PUBLICATION test_pub DROP TABLE extra");
            ServerLog.Mark dropped = vm2.log().mark();
            vm1.execute("INSERT INTO test VALUES (1, 'waits for extra')");
            lesson.logged(vm2, dropped, missing);
            lesson.holds(vm2, "test");

            lesson.cure();
            vm2.execute(EXTRA);
            lesson.proof(vm2, "test", Row.of(1, "waits for extra"));
            vm1.execute("ALTER PUBLICATION test_pub ADD TABLE extra");
            proveByRefresh(lesson, vm2);
        });
    }

    /** A table that is published later, and that nobody asked for. */
    private static Problem forgotRefresh() {
        Topology both = pair().schema(EXTRA).build();
        return problem("forgot-refresh", "sql-altersubscription", both, (lesson, vm1, vm2) -> {
            lesson.awaitReplicated();
            publishExtra(vm1);
            vm1.execute("INSERT INTO test VALUES (1, 'written after it')");
            lesson.awaitTable(vm2, "test", Row.of(1, "written after it"));
            lesson.holds(vm2, "extra");
            lesson.shows(vm2, "pg_subscription_rel", TABLES, Row.of("test"));

            lesson.cure();
            proveByRefresh(lesson, vm2);
        });
    }

    private static void publishExtra(Node vm1) {
        vm1.execute("GRANT SELECT ON extra TO replicator");
        vm1.execute("ALTER PUBLICATION test_pub ADD TABLE extra");
        vm1.execute("INSERT INTO extra VALUES (1)");
    }

    private static void proveByRefresh(Lesson lesson, Node vm2) {
        vm2.execute("ALTER SUBSCRIPTION test_sub REFRESH PUBLICATION");
        lesson.proof(vm2, "extra", Row.of(1));
    }

    /** A subscription to a publication that is not there. */
    private static Problem publicationMissing() {
        return problem("publication-missing", "sql-createsubscription", FOLLOWING, (lesson, vm1, vm2) -> {
            ServerLog.Mark mark1 = vm1.log().mark(), mark2 = vm2.log().mark();
            vm2.execute(Lesson.createSubscription("test_sub", vm2, vm1, "tets_pub"));
            vm1.execute("INSERT INTO test VALUES (1, 'one')");
            if (lesson.major() < 18) {
                lesson.logged(vm2, mark2, "publication \"tets_pub\" does not exist");
            } else {
                lesson.logged(vm1, mark1, "skipped loading publication \"tets_pub\"");
            }
            lesson.holds(vm2, "test");
            lesson.shows(vm2, "pg_subscription_rel", TABLES);

            lesson.cure();
            vm2.execute("DROP SUBSCRIPTION test_sub");
            vm2.execute(subscribe(vm2, vm1));
            lesson.proof(vm2, "test", Row.of(1, "one"));
        });
    }

    /** A subscription that is made in a transaction. */
    private static Problem inTransaction() {
        return problem("in-transaction", "sql-createsubscription", FOLLOWING, (lesson, vm1, vm2) -> {
            try (Session migration = vm2.session()) {
                migration.execute("BEGIN");
                lesson.refused(
                        vm2,
                        migration,
                        subscribe(vm2, vm1),
                        Wording.of(
                                "CREATE SUBSCRIPTION ... WITH (create_slot = true) cannot run inside a transaction block"));
                migration.execute("ROLLBACK");
            }

            lesson.cure();
            vm1.query("SELECT pg_create_logical_replication_slot('test_sub', 'pgoutput')");
            try (Session migration = vm2.session()) {
                migration.execute("BEGIN");
                migration.execute(subscribe(vm2, vm1) + " WITH (create_slot = false)");
                migration.execute("COMMIT");
            }
            proveByRow(lesson, vm1, vm2);
        });
    }

    /** A transaction on the publisher that holds CREATE SUBSCRIPTION up. */
    private static Problem createHangs() {
        String blocker = "SELECT unnest(pg_blocking_pids(pid)) FROM pg_stat_activity"
                + " WHERE backend_type = 'walsender' AND wait_event = 'transactionid'";
        String blockers = "SELECT count(*) FROM (" + blocker + ") AS blockers";
        String waiting = "SELECT backend_type, wait_event_type, wait_event FROM pg_stat_activity"
                + " WHERE query LIKE 'CREATE_REPLICATION_SLOT%' AND pid <> pg_backend_pid()";
        return problem("create-hangs", "sql-createsubscription", FOLLOWING, (lesson, vm1, vm2) -> {
            ServerLog.Mark mark = vm1.log().mark();
            try (Session forgotten = vm1.session()) {
                forgotten.execute("BEGIN");
                forgotten.execute("INSERT INTO test VALUES (1, 'not committed yet')");
                try (RunningStatement subscribing = vm2.executeInBackground(subscribe(vm2, vm1))) {
                    lesson.logged(vm1, mark, "Waiting for transactions (approximately 1) older than");
                    lesson.awaitValue(vm1, blockers, 1);
                    lesson.check(
                            "pg_blocking_pids",
                            String.valueOf(forgotten.backendPid()),
                            String.valueOf(vm1.query(blocker).value()));
                    lesson.shows(vm1, "pg_stat_activity", waiting, Row.of("walsender", "Lock", "transactionid"));
                    lesson.check("CREATE SUBSCRIPTION", "waits", subscribing.isDone() ? "done" : "waits");

                    lesson.cure();
                    forgotten.execute("COMMIT");
                    subscribing.await();
                }
            }
            lesson.proof(vm2, "test", Row.of(1, "not committed yet"));
        });
    }

    /** A publisher that has no slot left for the initial copy. */
    private static Problem limits() {
        String slots = "SELECT slot_name, slot_type, current_setting('max_replication_slots') AS max_replication_slots"
                + " FROM pg_replication_slots ORDER BY 1";
        Topology two = following(vm1 ->
                vm1.setting("max_replication_slots", "2").seed(WRITE_BEFORE).publishes("test_pub", "test"));
        return problem("limits", "logical-replication-config", two, (lesson, vm1, vm2) -> {
            vm1.query("SELECT pg_create_physical_replication_slot('somebody_left', true)");
            ServerLog.Mark mark = vm2.log().mark();
            vm2.execute(subscribe(vm2, vm1));
            lesson.logged(vm2, mark, "all replication slots are in use");
            lesson.holds(vm2, "test");
            lesson.shows(
                    vm1,
                    "pg_replication_slots",
                    slots,
                    Row.of("somebody_left", "physical", 2),
                    Row.of("test_sub", "logical", 2));

            lesson.cure();
            vm1.query("SELECT pg_drop_replication_slot('somebody_left')");
            lesson.proof(vm2, "test", BEFORE);
        });
    }
}
