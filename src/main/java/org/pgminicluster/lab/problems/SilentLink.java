package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A subscriber falls silent, and the publisher still keeps its slot for it when the standby has taken over. */
final class SilentLink implements Problem {

    @Override
    public String id() {
        return "silent-link";
    }

    @Override
    public String page() {
        return "runtime-config-replication";
    }

    @Override
    public Topology topology() {
        return Stages.withStandby()
                .of("vm3")
                .setting("wal_sender_timeout", "60s")
                .build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm3 = lesson.node("vm3"), vm4 = lesson.node("vm4");
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        lesson.cluster().awaitReplicated();
        vm3.pause();
        ServerLog.Mark mark = vm4.log().mark();
        vm4.promote();
        vm1.execute("INSERT INTO test VALUES (2, 'after the promotion')");
        lesson.logged(vm4, mark, Wording.of("replication slot \"vm3_test_sub\" is active for PID"));
        lesson.shows(
                vm1,
                "pg_replication_slots",
                "SELECT slot_name, active, current_setting('wal_sender_timeout') AS wal_sender_timeout"
                        + " FROM pg_replication_slots",
                Row.of("vm3_test_sub", true, "1min"));
        lesson.holds(vm4, "test", Row.of(1, "before"));

        lesson.cure();
        vm1.query("SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = 'vm3_test_sub'");
        lesson.proof(vm4, "test", Row.of(1, "before"), Row.of(2, "after the promotion"));
        // It must not wake up and want its slot back.
        vm3.kill();
    }
}
