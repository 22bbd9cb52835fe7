package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A publisher is lost, and its standby has none of its slots. */
final class PublisherFailover implements Problem {

    @Override
    public String id() {
        return "publisher-failover";
    }

    @Override
    public String page() {
        return "warm-standby-failover";
    }

    @Override
    public Topology topology() {
        return Stages.pair().standby("vm4").of("vm1").build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2"), vm4 = lesson.node("vm4");
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        lesson.cluster().awaitReplicated();
        vm1.kill();
        lesson.cluster().failOver("vm1", "vm4");
        ServerLog.Mark mark = vm2.log().mark();
        vm2.execute("ALTER SUBSCRIPTION test_sub CONNECTION '" + vm2.conninfoTo(vm4, "test_sub") + "'");
        // The worker may still be waiting for an answer from where vm1 was.
        vm2.query("SELECT pg_terminate_backend(pid) FROM pg_stat_subscription WHERE pid IS NOT NULL");
        vm4.execute("INSERT INTO test VALUES (2, 'written on vm4')");
        lesson.logged(vm2, mark, Wording.of("replication slot \"test_sub\" does not exist"));
        lesson.holds(vm2, "test", Row.of(1, "before"));
        lesson.shows(vm4, "pg_replication_slots", "SELECT slot_name FROM pg_replication_slots");

        lesson.cure();
        vm2.execute("ALTER SUBSCRIPTION test_sub DISABLE");
        vm2.execute("ALTER SUBSCRIPTION test_sub SET (slot_name = NONE)");
        Stages.seedAgain("test_sub", vm2, vm4);
        lesson.proof(vm2, "test", Row.of(1, "before"), Row.of(2, "written on vm4"));
    }
}
