package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.topology.Topology;

/** A subscriber with a synchronous standby, for which what it applies does not wait. */
final class SyncNamesAlone implements Problem {

    private static final String STATE = "SELECT application_name, sync_state FROM pg_stat_replication";

    @Override
    public String id() {
        return "sync-names-alone";
    }

    @Override
    public String page() {
        return "sql-createsubscription";
    }

    @Override
    public Topology topology() {
        return Stages.withStandby().of("vm3").build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm3 = lesson.node("vm3"), vm4 = lesson.node("vm4");
        lesson.cluster().awaitReplicated();
        vm3.execute("ALTER SYSTEM SET synchronous_standby_names = 'vm4'");
        Stages.reload(vm3);
        awaitSynchronous(lesson, vm3);
        lesson.shows(vm3, "pg_stat_replication", STATE, Row.of("vm4", "sync"));
        vm4.stop(StopMode.FAST);
        vm1.execute("INSERT INTO test VALUES (1, 'waits for nobody')");
        Stages.awaitConfirmed(lesson, vm1, vm3);
        lesson.shows(vm1, "pg_replication_slots", confirmed(vm1), Row.of("vm3_test_sub", true));
        lesson.shows(
                vm3,
                "pg_subscription",
                "SELECT subname, subsynccommit FROM pg_subscription",
                Row.of("vm3_test_sub", "off"));

        lesson.cure();
        vm4.start();
        awaitSynchronous(lesson, vm3);
        vm3.execute("ALTER SUBSCRIPTION vm3_test_sub SET (synchronous_commit = on)");
        vm4.stop(StopMode.FAST);
        vm1.execute("INSERT INTO test VALUES (2, 'waits for vm4')");
        lesson.cluster().awaitValue(vm3, "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'", 1);
        lesson.check(
                "slot_name, is_past_the_row",
                Row.of("vm3_test_sub", false).toString(),
                vm1.query(confirmed(vm1)).values().get(0).toString());
        // Frozen first: what the apply worker says while vm3 goes down might confirm the row.
        vm3.pause();
        vm3.kill();
        vm4.start();
        lesson.cluster().failOver("vm3", "vm4");
        lesson.proof(vm4, "test", Row.of(1, "waits for nobody"), Row.of(2, "waits for vm4"));
    }

    private static void awaitSynchronous(Lesson lesson, Node vm3) {
        lesson.cluster().awaitValue(vm3, "SELECT max(sync_state) FROM pg_stat_replication", "sync");
        lesson.cluster().standbys().awaitReplayed(lesson.node("vm4"));
    }

    private static String confirmed(Node publisher) {
        return "SELECT slot_name, confirmed_flush_lsn >= '" + publisher.currentLsn() + "' AS is_past_the_row"
                + " FROM pg_replication_slots";
    }
}
