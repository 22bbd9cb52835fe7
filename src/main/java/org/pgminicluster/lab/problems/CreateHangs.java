package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.RunningStatement;
import org.pgminicluster.cluster.Session;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A transaction on the publisher that holds CREATE SUBSCRIPTION up. */
final class CreateHangs implements Problem {

    private static final String BLOCKER = "SELECT unnest(pg_blocking_pids(pid)) FROM pg_stat_activity"
            + " WHERE backend_type = 'walsender' AND wait_event = 'transactionid'";

    private static final String WAITING = "SELECT backend_type, wait_event_type, wait_event FROM pg_stat_activity"
            + " WHERE query LIKE 'CREATE_REPLICATION_SLOT%' AND pid <> pg_backend_pid()";

    @Override
    public String id() {
        return "create-hangs";
    }

    @Override
    public String page() {
        return "sql-createsubscription";
    }

    @Override
    public Topology topology() {
        return Stages.following(vm1 -> vm1.publishes("test_pub", "test"));
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        ServerLog.Mark mark = vm1.log().mark();
        try (Session forgotten = vm1.session()) {
            forgotten.execute("BEGIN");
            forgotten.execute("INSERT INTO test VALUES (1, 'not committed yet')");
            try (RunningStatement subscribing =
                    vm2.executeInBackground(Stages.subscribe("test_sub", vm2, vm1, "test_pub"))) {
                lesson.logged(vm1, mark, Wording.of("Waiting for transactions (approximately 1) older than"));
                lesson.cluster().awaitValue(vm1, BLOCKER, forgotten.backendPid());
                lesson.shows(vm1, "pg_stat_activity", WAITING, Row.of("walsender", "Lock", "transactionid"));
                lesson.check("CREATE SUBSCRIPTION", "waits", subscribing.isDone() ? "done" : "waits");

                lesson.cure();
                forgotten.execute("COMMIT");
                subscribing.await();
            }
        }
        lesson.proof(vm2, "test", Row.of(1, "not committed yet"));
    }
}
