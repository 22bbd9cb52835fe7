package org.pgminicluster.assertj;

import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.Session;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.topology.Topology;
import org.pgminicluster.wait.WaitFailedException;

/** What is said of workers that fail or wait, and when a wait beside them is given up. */
@MiniClusterTest
@TopologyFrom("shop")
class FailingWorkerIT {

    /** Nobody would wait this long for a test to fail. */
    private static final Duration ENDLESS = Duration.ofMinutes(10);

    static Topology shop() {
        return Topology.named("shop")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("till", n -> n.setting("max_replication_slots", "2").publishes("items", "item"))
                .node("copy", n -> n.setting("lock_timeout", "50ms").subscribes("items", "till", "items"))
                .build();
    }

    @Test
    void a_subscription_says_by_what_it_has_failed(Node till, Node copy) {
        int worker = copy.currentSubscription("items").orElseThrow().worker().orElseThrow();
        ServerLog.Mark before = copy.log().mark();
        copy.execute("INSERT INTO item VALUES (1, 'in the way')");
        till.execute("INSERT INTO item VALUES (1, 'tea')");

        assertThat(copy).subscription("items").since(before).eventually().hasFailedWith(WorkerError.DUPLICATE_KEY);

        AssertionError other = hopeless(() -> assertThat(copy)
                .subscription("items")
                .since(before)
                .eventually(ENDLESS)
                .hasFailedWith(WorkerError.MISSING_TABLE));
        Assertions.assertThat(other)
                .message()
                .matches("waited for subscription items on copy to have failed with\n    missing table, gave up after"
                        + " \\d+\\.\\d s: a replication worker on copy fails again and again: ERROR: .*\n"
                        + "last seen: the last one has failed with\n    (duplicate key value .*|conflict detected .*)");
        copy.execute("DELETE FROM item");
        assertThat(copy).subscription("items").eventually().hasWorkerOtherThan(worker);
        till.cluster().awaitReplicated();
        ServerLog.Mark after = copy.log().mark();
        Assertions.assertThat(catchThrowableOfType(
                        AssertionError.class,
                        () -> assertThat(copy)
                                .subscription("items")
                                .since(after)
                                .hasFailedWith("item_pkey")))
                .hasMessage("expected subscription items on copy to have failed with\n    item_pkey\n"
                        + "but no worker of it has failed");
    }

    @Test
    void a_wait_for_another_line_is_given_up_and_the_evidence_is_printed_once(Node till, Node copy) {
        copy.execute("INSERT INTO item VALUES (1, 'in the way')");
        till.execute("INSERT INTO item VALUES (1, 'tea')");

        AssertionError failure =
                hopeless(() -> assertThat(copy).log().eventually(ENDLESS).contains("what nobody logs"));

        Assertions.assertThat(failure)
                .message()
                .startsWith("waited for the log of copy to contain\n    what nobody logs, gave up after ")
                .contains(": a replication worker on copy fails again and again: ERROR:  ");
        StringWriter printed = new StringWriter();
        failure.printStackTrace(new PrintWriter(printed));
        Assertions.assertThat(printed.toString()).containsOnlyOnce("=== cluster shop");
    }

    @Test
    void an_error_that_ends_when_others_let_go_is_waited_out_and_named(MiniCluster cluster, Node till, Node copy) {
        till.query("SELECT pg_create_physical_replication_slot('held')");
        till.execute("CREATE TABLE later (id integer); GRANT SELECT ON later TO PUBLIC");
        till.execute("ALTER PUBLICATION items ADD TABLE later");
        copy.execute("CREATE TABLE later (id integer)");
        copy.execute("ALTER SUBSCRIPTION items REFRESH PUBLICATION");

        // Longer than a hopeless wait would last.
        WaitFailedException slots = patient(() -> cluster.awaitSynced(Duration.ofSeconds(3)));

        Assertions.assertThat(slots.summary())
                .containsPattern("\nmeanwhile a replication worker on copy has failed \\d+ times: ERROR: .*: ERROR: "
                        + " all replication slots are in use$");
        till.query("SELECT pg_drop_replication_slot('held')");
        cluster.awaitSynced();
        try (Session holder = copy.session()) {
            holder.execute("BEGIN; LOCK TABLE item IN SHARE ROW EXCLUSIVE MODE");
            till.execute("INSERT INTO item VALUES (1, 'tea')");

            WaitFailedException locks = patient(() -> cluster.awaitReplicated(Duration.ofSeconds(1)));

            Assertions.assertThat(locks.summary())
                    .containsPattern("\nmeanwhile a replication worker on copy has failed \\d+ times: ERROR:  canceling"
                            + " statement due to lock timeout$");
        }
        cluster.awaitReplicated();
    }

    @Test
    void a_worker_that_waits_for_a_lock_is_seen_and_so_is_what_is_applied(Node till, Node copy) {
        copy.execute("ALTER SYSTEM SET lock_timeout = 0");
        copy.query("SELECT pg_reload_conf()");
        Lsn before = till.currentLsn();
        try (Session holder = copy.session()) {
            holder.execute("BEGIN; LOCK TABLE item IN SHARE ROW EXCLUSIVE MODE");
            till.execute("INSERT INTO item VALUES (1, 'tea')");

            assertThat(copy).subscription("items").eventually().waitsForLock();
            Assertions.assertThat(catchThrowableOfType(
                            AssertionError.class,
                            () -> assertThat(copy).subscription("items").hasApplied(before)))
                    .message()
                    .startsWith("expected subscription items on copy to have applied everything up to " + before
                            + "\nbut it has applied ");
        }
        assertThat(copy).subscription("items").eventually().hasApplied(before);
    }

    private static AssertionError hopeless(ThrowingCallable claim) {
        AssertionError error = catchThrowableOfType(AssertionError.class, claim);
        Assertions.assertThat(error.getCause())
                .isInstanceOfSatisfying(
                        WaitFailedException.class,
                        wait -> Assertions.assertThat(wait.isHopeless()).isTrue());
        return error;
    }

    private static WaitFailedException patient(ThrowingCallable wait) {
        WaitFailedException failure = catchThrowableOfType(WaitFailedException.class, wait);
        Assertions.assertThat(failure.isHopeless()).as(failure.summary()).isFalse();
        return failure;
    }
}
