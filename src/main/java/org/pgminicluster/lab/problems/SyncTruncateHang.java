package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.RunningStatement;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Majors;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.topology.Topology;

/** A TRUNCATE waits for its subscription, and what feeds the subscription waits for the TRUNCATE. */
final class SyncTruncateHang implements Problem {

    private static final String BOTH = "SELECT backend_type, wait_event_type FROM pg_stat_activity"
            + " WHERE wait_event = 'SyncRep' OR backend_type = 'walsender' AND wait_event_type = 'Lock' ORDER BY 1";

    @Override
    public String id() {
        return "sync-truncate-hang";
    }

    @Override
    public String page() {
        return "logicaldecoding-synchronous";
    }

    @Override
    public Majors majors() {
        return Majors.until(13);
    }

    @Override
    public Topology topology() {
        return Stages.pair().build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        lesson.awaitTable(vm2, "test", Row.of(1, "one"));
        Stages.waitFor(lesson, vm1, "test_sub");
        try (RunningStatement truncate = vm1.executeInBackground("TRUNCATE test")) {
            lesson.cluster().awaitValue(vm1, "SELECT count(*) FROM (" + BOTH + ") AS both_wait", 2);
            lesson.shows(vm1, "pg_stat_activity", BOTH, Row.of("client backend", "IPC"), Row.of("walsender", "Lock"));
            lesson.holds(vm2, "test", Row.of(1, "one"));

            lesson.cure();
            Stages.waitForNobody(vm1);
            truncate.await();
        }
        vm1.execute("INSERT INTO test VALUES (2, 'two')");
        lesson.proof(vm2, "test", Row.of(2, "two"));
    }
}
