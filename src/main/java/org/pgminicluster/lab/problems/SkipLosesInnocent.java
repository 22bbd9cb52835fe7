package org.pgminicluster.lab.problems;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgminicluster.cluster.Lsn;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.Session;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A transaction is skipped, and a row with it that had no fault. */
final class SkipLosesInnocent implements Problem {

    private static final Pattern FINISHED = Pattern.compile("finished at ([0-9A-F]+/[0-9A-F]+)");

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
        lesson.cluster()
                .awaitValue(
                        vm2,
                        "SELECT count(*) FROM pg_stat_activity"
                                + " WHERE backend_type ~ '^(background|logical replication.*) worker$'"
                                + " AND datname = current_database()",
                        0);
        vm2.query("SELECT pg_replication_origin_advance('pg_' || oid, '" + end + "') FROM pg_subscription");
        vm2.execute("ALTER SUBSCRIPTION test_sub ENABLE");
    }

    @Override
    public String id() {
        return "skip-loses-innocent";
    }

    @Override
    public String page() {
        return "logical-replication-conflicts";
    }

    @Override
    public Topology topology() {
        return Stages.pair().build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        lesson.cluster().awaitReplicated();
        ServerLog.Mark mark = vm2.log().mark();
        vm2.execute("INSERT INTO test VALUES (1, 'local')");
        try (Session writer = vm1.session()) {
            writer.execute("BEGIN");
            writer.execute("INSERT INTO test VALUES (1, 'from vm1')");
            writer.execute("INSERT INTO test VALUES (2, 'innocent')");
            writer.execute("COMMIT");
        }
        lesson.cluster().awaitLog(vm2, mark, lesson.major() < 18 ? "duplicate key value" : "conflict=insert_exists");
        skip(lesson, vm1, vm2, mark);
        vm1.execute("INSERT INTO test VALUES (3, 'later')");
        lesson.awaitTable(vm2, "test", Row.of(1, "local"), Row.of(3, "later"));
        lesson.holds(vm1, "test", Row.of(1, "from vm1"), Row.of(2, "innocent"), Row.of(3, "later"));
        lesson.holds(vm2, "test", Row.of(1, "local"), Row.of(3, "later"));

        lesson.cure();
        Stages.seedAgain("test_sub", vm2, vm1);
        lesson.proof(vm2, "test", Row.of(1, "from vm1"), Row.of(2, "innocent"), Row.of(3, "later"));
    }
}
