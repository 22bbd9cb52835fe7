package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.RunningStatement;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.topology.Topology;

/** What a hot standby refuses, and what it cancels. */
final class Vm4StartAndRead implements Problem {

    private static final String REPORT = "SELECT count(*), pg_sleep(20) FROM test";

    private static final String RUNS = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";

    /** What the standby's query may still have to see is removed on the primary. */
    private static void deleteAndVacuum(Lesson lesson, Node vm1, Node vm3, int id) {
        vm1.execute("DELETE FROM test WHERE id = " + id);
        lesson.cluster().awaitReplicated(vm3, "vm3_test_sub");
        vm3.execute("VACUUM test");
    }

    @Override
    public String id() {
        return "vm4-start-and-read";
    }

    @Override
    public String page() {
        return "hot-standby";
    }

    @Override
    public Topology topology() {
        return Stages.withStandby()
                .setting("max_standby_streaming_delay", "0")
                .of("vm3")
                .build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm3 = lesson.node("vm3"), vm4 = lesson.node("vm4");
        vm1.execute("INSERT INTO test VALUES (1, 'one'), (2, 'two')");
        lesson.cluster().awaitReplicated();
        lesson.refused(
                vm4,
                "INSERT INTO test VALUES (3, 'three')",
                Wording.of("cannot execute INSERT in a read-only transaction"));
        try (RunningStatement report = vm4.executeInBackground(REPORT)) {
            lesson.cluster().awaitValue(vm4, RUNS, 1);
            deleteAndVacuum(lesson, vm1, vm3, 2);
            lesson.failed(vm4, report, Wording.of("canceling statement due to conflict with recovery"));
        }

        lesson.cure();
        vm4.execute("ALTER SYSTEM SET hot_standby_feedback = on");
        Stages.reload(vm4);
        try (RunningStatement report = vm4.executeInBackground(REPORT)) {
            lesson.cluster().awaitValue(vm3, "SELECT xmin IS NOT NULL FROM pg_replication_slots", true);
            vm1.execute("INSERT INTO test VALUES (3, 'three')");
            deleteAndVacuum(lesson, vm1, vm3, 1);
            lesson.cluster().standbys().awaitReplayed(vm4);
            lesson.check("SELECT ... FROM test", "runs", report.isDone() ? "ended" : "runs");
        }
        lesson.proof(vm4, "test", Row.of(3, "three"));
    }
}
