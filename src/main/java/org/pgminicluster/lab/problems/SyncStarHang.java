package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.RunningStatement;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.Topology;

/** A publisher that waits for everybody, subscriptions included. */
final class SyncStarHang implements Problem {

    /** Longer than the statement_timeout, which does not end this wait. */
    private static final String HANGS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'"
            + " AND query_start < clock_timestamp() - interval '600 ms'";

    private static final String WAITING =
            "SELECT wait_event_type, wait_event FROM pg_stat_activity" + " WHERE wait_event = 'SyncRep'";

    @Override
    public String id() {
        return "sync-star-hang";
    }

    @Override
    public String page() {
        return "runtime-config-replication";
    }

    @Override
    public Topology topology() {
        return Stages.pair().build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        lesson.cluster().awaitReplicated();
        Stages.waitFor(lesson, vm1, "*");
        lesson.shows(
                vm1,
                "pg_stat_replication",
                "SELECT application_name, sync_state FROM pg_stat_replication",
                Row.of("test_sub", "sync"));
        vm2.stop(StopMode.FAST);
        try (RunningStatement insert =
                vm1.executeInBackground("SET statement_timeout = '300ms'; INSERT INTO test VALUES (1, 'one')")) {
            lesson.cluster().awaitValue(vm1, HANGS, 1);
            lesson.shows(vm1, "pg_stat_activity", WAITING, Row.of("IPC", "SyncRep"));

            lesson.cure();
            Stages.waitForNobody(vm1);
            insert.await();
        }
        vm2.start();
        lesson.proof(vm2, "test", Row.of(1, "one"));
    }
}
