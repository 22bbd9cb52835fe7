package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.Topology;

/** A standby without a slot was away for longer than its primary keeps WAL. */
final class WalRemoved implements Problem {

    /** More than a primary keeps that nobody asked to keep any. */
    private static final int SEGMENTS = 3;

    @Override
    public String id() {
        return "wal-removed";
    }

    @Override
    public String page() {
        return "warm-standby";
    }

    @Override
    public Topology topology() {
        return Stages.withStandby().of("vm3").build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm3 = lesson.node("vm3"), vm4 = lesson.node("vm4");
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        lesson.cluster().awaitReplicated();
        vm4.execute("ALTER SYSTEM SET primary_slot_name = ''");
        Stages.reload(vm4);
        lesson.cluster().awaitValue(vm3, "SELECT active FROM pg_replication_slots WHERE slot_name = 'vm4'", false);
        vm3.query("SELECT pg_drop_replication_slot('vm4')");
        vm4.stop(StopMode.FAST);
        for (int segment = 0; segment < SEGMENTS; segment++) {
            vm3.execute("CREATE TABLE filler (); DROP TABLE filler");
            vm3.query("SELECT pg_switch_wal()");
            vm3.execute("CHECKPOINT");
        }
        vm1.execute("INSERT INTO test VALUES (2, 'while vm4 was away')");
        lesson.cluster().awaitReplicated(vm3, "vm3_test_sub");
        ServerLog.Mark mark = vm4.log().mark();
        vm4.start();
        lesson.logged(vm4, mark, Wording.of("requested WAL segment "));
        lesson.holds(vm4, "test", Row.of(1, "before"));

        lesson.cure();
        lesson.cluster().standbys().remake(vm4);
        lesson.proof(vm4, "test", Row.of(1, "before"), Row.of(2, "while vm4 was away"));
    }
}
