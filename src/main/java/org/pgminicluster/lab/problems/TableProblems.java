package org.pgminicluster.lab.problems;

import static org.pgminicluster.lab.problems.Acts.seedAgain;
import static org.pgminicluster.lab.problems.Acts.subscribe;
import static org.pgminicluster.lab.problems.Stages.PAIR;
import static org.pgminicluster.lab.problems.Stages.TEST;
import static org.pgminicluster.lab.problems.Stages.problem;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Majors;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.script.GuardSql;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.session.Session;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.topology.Topology;

/** Rows that have no place on the subscriber, and tables that are not the same on both sides. */
final class TableProblems {

    private static final Pattern FINISHED = Pattern.compile("finished at ([0-9A-F]+/[0-9A-F]+)");

    private TableProblems() {}

    static List<Problem> all() {
        return List.of(
                noReplicaIdentity(),
                conflictInsert(),
                skipLosesInnocent(),
                copyIntoNonempty(),
                missingRowUpdate(),
                ddlDrift(),
                sequenceAfterFailover(),
                guardTrigger(),
                truncateFk(),
                loop());
    }

    /** A published table without a primary key. */
    private static Problem noReplicaIdentity() {
        Topology noKey = Topology.named("a table without a key")
                .schema("CREATE TABLE nopk (id integer NOT NULL, name text)")
                .node("vm1", vm1 -> vm1.publishes("nopk_pub", "nopk"))
                .node("vm2", vm2 -> vm2.subscribes("nopk_sub", "vm1", "nopk_pub"))
                .build();
        return problem("no-replica-identity", "logical-replication-publication", noKey, (lesson, vm1, vm2) -> {
            // A table that is still being copied would hold up the ALTER TABLE of the cure, and that the copy.
            lesson.awaitReplicated();
            vm1.execute("INSERT INTO nopk VALUES (1, 'draft')");
            lesson.refused(
                    vm1,
                    "UPDATE nopk SET name = 'final' WHERE id = 1",
                    "cannot update table \"nopk\" because it does not have a replica identity and publishes updates");

            lesson.cure();
            vm2.execute("ALTER TABLE nopk ADD PRIMARY KEY (id)");
            vm1.execute("ALTER TABLE nopk ADD PRIMARY KEY (id)");
            vm1.execute("UPDATE nopk SET name = 'final' WHERE id = 1");
            lesson.proof(vm2, "nopk", Row.of(1, "final"));
        });
    }

    /** A local row where a replicated one is to go. */
    private static Problem conflictInsert() {
        return problem("conflict-insert", "logical-replication-conflicts", PAIR, (lesson, vm1, vm2) -> {
            lesson.awaitReplicated();
            ServerLog.Mark mark = vm2.log().mark();
            vm2.execute("INSERT INTO test VALUES (1, 'local')");
            vm1.execute("INSERT INTO test VALUES (1, 'from vm1')");
            lesson.logged(
                    vm2,
                    mark,
                    Wording.of("duplicate key value violates unique constraint \"test_pkey\"")
                            .since(18, "conflict=insert_exists"));
            lesson.holds(vm2, "test", Row.of(1, "local"));

            lesson.cure();
            vm2.execute("DELETE FROM test WHERE id = 1");
            lesson.proof(vm2, "test", Row.of(1, "from vm1"));
        });
    }

    /** A transaction is skipped, and a row with it that had no fault. */
    private static Problem skipLosesInnocent() {
        Row local = Row.of(1, "local"), remote = Row.of(1, "from vm1"), later = Row.of(3, "later");
        Row innocent = Row.of(2, "innocent");
        return problem("skip-loses-innocent", "logical-replication-conflicts", PAIR, (lesson, vm1, vm2) -> {
            lesson.awaitReplicated();
            ServerLog.Mark mark = vm2.log().mark();
            vm2.execute("INSERT INTO test VALUES (1, 'local')");
            try (Session writer = vm1.session()) {
                writer.execute("BEGIN");
                writer.execute("INSERT INTO test VALUES (1, 'from vm1')");
                writer.execute("INSERT INTO test VALUES (2, 'innocent')");
                writer.execute("COMMIT");
            }
            String conflict = lesson.major() < 18 ? "duplicate key value" : "conflict=insert_exists";
            lesson.cluster().awaitLog(vm2, mark, conflict);
            skip(lesson, vm1, vm2, mark);
            vm1.execute("INSERT INTO test VALUES (3, 'later')");
            lesson.awaitTable(vm2, "test", local, later);
            lesson.holds(vm1, "test", remote, innocent, later);
            lesson.holds(vm2, "test", local, later);

            lesson.cure();
            seedAgain("test_sub", vm2, vm1);
            lesson.proof(vm2, "test", remote, innocent, later);
        });
    }

    /** From 15 on there is a command for it; before, the subscription's position is moved past the transaction. */
    private static void skip(Lesson lesson, Node vm1, Node vm2, ServerLog.Mark mark) {
        if (lesson.major() >= 15) {
            lesson.cluster().awaitLog(vm2, mark, "finished at ");
            Matcher finished = FINISHED.matcher(vm2.log().since(mark));
            if (finished.find()) {
                vm2.execute("ALTER SUBSCRIPTION test_sub SKIP (lsn = '" + finished.group(1) + "')");
            }
            return;
        }
        Lsn end = vm1.currentLsn();
        vm2.execute("ALTER SUBSCRIPTION test_sub DISABLE");
        // The process itself: it leaves the subscription's views first, and lets go of its origin then.
        lesson.awaitValue(
                vm2,
                "SELECT count(*) FROM pg_stat_activity"
                        + " WHERE backend_type ~ '^(background|logical replication.*) worker$'"
                        + " AND datname = current_database()",
                0);
        vm2.query("SELECT pg_replication_origin_advance('pg_' || oid, '" + end + "') FROM pg_subscription");
        vm2.execute("ALTER SUBSCRIPTION test_sub ENABLE");
    }

    /** A subscription that is made again copies into a table that has its rows already. */
    private static Problem copyIntoNonempty() {
        Topology seeded = PAIR.seeded("vm1", "INSERT INTO test VALUES (1, 'one')");
        return problem("copy-into-nonempty", "logical-replication-subscription", seeded, (lesson, vm1, vm2) -> {
            lesson.awaitReplicated();
            vm2.execute("DROP SUBSCRIPTION test_sub");
            ServerLog.Mark mark = vm2.log().mark();
            vm2.execute(subscribe(vm2, vm1));
            lesson.logged(vm2, mark, "duplicate key value violates unique constraint \"test_pkey\"");
            lesson.shows(vm2, "pg_subscription_rel", Acts.STATES, Row.of("test", "d"));

            lesson.cure();
            vm2.execute("TRUNCATE test");
            vm1.execute("INSERT INTO test VALUES (2, 'two')");
            lesson.proof(vm2, "test", Row.of(1, "one"), Row.of(2, "two"));
        });
    }

    /** An UPDATE of a row that the subscriber does not have. */
    private static Problem missingRowUpdate() {
        Topology seeded = PAIR.seeded("vm1", "INSERT INTO test VALUES (1, 'draft')");
        Row changed = Row.of(1, "final"), after = Row.of(2, "written after it");
        return problem("missing-row-update", "logical-replication-conflicts", seeded, (lesson, vm1, vm2) -> {
            lesson.awaitReplicated();
            vm2.execute("DELETE FROM test WHERE id = 1");
            vm1.execute("UPDATE test SET name = 'final' WHERE id = 1");
            vm1.execute("INSERT INTO test VALUES (2, 'written after it')");
            lesson.awaitTable(vm2, "test", after);
            lesson.holds(vm1, "test", changed, after);
            lesson.holds(vm2, "test", after);

            lesson.cure();
            seedAgain("test_sub", vm2, vm1);
            lesson.proof(vm2, "test", changed, after);
        });
    }

    /** A column that the subscriber does not have. */
    private static Problem ddlDrift() {
        return problem("ddl-drift", "logical-replication-restrictions", PAIR, (lesson, vm1, vm2) -> {
            String relation = "logical replication target relation \"public.test\" is missing ";
            lesson.awaitReplicated();
            ServerLog.Mark mark = vm2.log().mark();
            vm1.execute("ALTER TABLE test ADD COLUMN extra integer");
            vm1.execute("INSERT INTO test VALUES (1, 'one', 10)");
            lesson.logged(
                    vm2,
                    mark,
                    Wording.of(relation + "some replicated columns")
                            .since(14, relation + "replicated column: \"extra\""));
            lesson.holds(vm2, "test");

            lesson.cure();
            vm2.execute("ALTER TABLE test ADD COLUMN extra integer");
            lesson.proof(vm2, "test", Row.of(1, "one", 10));
        });
    }

    /** Writers move to the copy, whose sequence has never moved. */
    private static Problem sequenceAfterFailover() {
        Topology item = Topology.named("a table with a sequence")
                .schema("CREATE TABLE item (id serial PRIMARY KEY, name text)")
                .node("vm1", vm1 -> vm1.publishes("item_pub", "item"))
                .node("vm2", vm2 -> vm2.subscribes("item_sub", "vm1", "item_pub"))
                .build();
        return problem("sequence-after-failover", "logical-replication-restrictions", item, (lesson, vm1, vm2) -> {
            vm1.execute("INSERT INTO item (name) VALUES ('one'), ('two')");
            lesson.awaitTable(vm2, "item", Row.of(1, "one"), Row.of(2, "two"));
            vm1.stop(StopMode.FAST);
            lesson.refused(
                    vm2,
                    "INSERT INTO item (name) VALUES ('three')",
                    "duplicate key value violates unique constraint \"item_pkey\"");

            lesson.cure();
            vm2.query("SELECT setval('item_id_seq', (SELECT max(id) FROM item))");
            vm2.execute("INSERT INTO item (name) VALUES ('three')");
            lesson.proof(vm2, "item", Row.of(1, "one"), Row.of(2, "two"), Row.of(3, "three"));
        });
    }

    /** A guard that lets too much through, and one that lets too little. */
    private static Problem guardTrigger() {
        String guard = GuardSql.function("public")
                + ";\nCREATE TRIGGER guard BEFORE INSERT OR UPDATE OR DELETE ON test"
                + " FOR EACH ROW EXECUTE FUNCTION refuse_write();";
        Topology guarded = Topology.named("a copy with the first guard that comes to mind")
                .schema(TEST)
                .node("vm1", vm1 -> vm1.publishes("test_pub", "test"))
                .node("vm2", vm2 -> vm2.schema(guard).subscribes("test_sub", "vm1", "test_pub"))
                .build();
        return problem("guard-trigger", "sql-createtrigger", Majors.since(11), guarded, (lesson, vm1, vm2) -> {
            vm1.execute("INSERT INTO test VALUES (1, 'one')");
            lesson.awaitTable(vm2, "test", Row.of(1, "one"));
            lesson.refused(vm2, "DELETE FROM test", GuardSql.MESSAGE);
            vm2.execute("TRUNCATE test");
            lesson.holds(vm2, "test");
            vm2.execute("ALTER TABLE test ENABLE ALWAYS TRIGGER guard");
            ServerLog.Mark mark = vm2.log().mark();
            vm1.execute("INSERT INTO test VALUES (2, 'two')");
            // What a session was told before may come into the log of a container after the mark.
            lesson.logged(
                    vm2,
                    mark,
                    Wording.of("ERROR:  " + GuardSql.MESSAGE).since(13, "worker ERROR:  " + GuardSql.MESSAGE));

            lesson.cure();
            vm2.execute("ALTER TABLE test ENABLE TRIGGER guard");
            seedAgain("test_sub", vm2, vm1);
            vm2.execute("CREATE TRIGGER guard_truncate BEFORE TRUNCATE ON test FOR EACH STATEMENT"
                    + " EXECUTE FUNCTION refuse_write()");
            lesson.proof(vm2, "test", Row.of(1, "one"), Row.of(2, "two"));
            lesson.check("TRUNCATE", GuardSql.MESSAGE, Lesson.answer(vm2, "TRUNCATE test"));
        });
    }

    /** A foreign key that only the subscriber has. */
    private static Problem truncateFk() {
        Majors majors = Majors.since(11);
        return problem("truncate-fk", "logical-replication-restrictions", majors, PAIR, (lesson, vm1, vm2) -> {
            vm2.execute("CREATE TABLE child (test_id integer REFERENCES test)");
            lesson.awaitReplicated();
            ServerLog.Mark mark = vm2.log().mark();
            vm1.execute(Acts.WRITE_BEFORE);
            vm1.execute("TRUNCATE test");
            vm1.execute("INSERT INTO test VALUES (2, 'after')");
            lesson.logged(vm2, mark, "cannot truncate a table referenced in a foreign key constraint");
            lesson.holds(vm2, "test", Acts.BEFORE);

            lesson.cure();
            vm2.execute("ALTER TABLE child DROP CONSTRAINT child_test_id_fkey");
            lesson.proof(vm2, "test", Row.of(2, "after"));
        });
    }

    /** A table that both nodes publish to each other. */
    private static Problem loop() {
        Topology round = Topology.named("a table that goes round")
                .schema("CREATE TABLE note (name text)")
                .node(
                        "vm1",
                        vm1 -> vm1.publishes("vm1_pub", "note")
                                .subscription(
                                        "vm1_sub", s -> s.to("vm2", "vm2_pub").copyData(false)))
                .node(
                        "vm2",
                        vm2 -> vm2.publishes("vm2_pub", "note")
                                .subscription(
                                        "vm2_sub", s -> s.to("vm1", "vm1_pub").copyData(false)))
                .allowEcho()
                .build();
        return problem("loop", "logical-replication-restrictions", round, (lesson, vm1, vm2) -> {
            String many = "SELECT name, count(*) > 10 AS more_than_ten FROM note GROUP BY name";
            lesson.awaitReplicated();
            vm1.execute("INSERT INTO note VALUES ('once')");
            lesson.awaitValue(vm1, "SELECT count(*) > 10 FROM note", true);
            lesson.shows(vm1, "note", many, Row.of("once", true));

            lesson.cure();
            vm1.execute("DROP SUBSCRIPTION vm1_sub");
            vm1.execute("TRUNCATE note");
            if (lesson.major() < 11) {
                // Only then does the other side hear of it.
                lesson.awaitReplicated();
                vm2.execute("TRUNCATE note");
            }
            vm1.execute("INSERT INTO note VALUES ('only once')");
            lesson.proof(vm2, "note", Row.of("only once"));
            lesson.proof(vm1, "note", Row.of("only once"));
        });
    }
}
