package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.state.NodeState;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.SubscribedTable;
import org.pgminicluster.state.SyncState;
import org.pgminicluster.topology.InvalidTopologyException;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.WaitFailedException;

/** A wait that ends in vain says what was waited for, how long, what was seen last, and shows the whole cluster. */
@MiniClusterTest
@TopologyFrom("org.pgminicluster.cluster.SmallTopologies#oneWay")
@Order(3)
class WaitEvidenceIT {

    private static final Duration SHORT = Duration.ofSeconds(1);

    @Test
    void a_wait_in_vain_shows_the_differing_rows_and_both_ends_of_the_subscription(
            MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitReplicated();
        cluster.awaitValue(vm2, "SELECT srsubstate FROM pg_subscription_rel", "r");
        try (Session blocker = vm2.session()) {
            blocker.execute("BEGIN");
            blocker.execute("LOCK TABLE test IN SHARE ROW EXCLUSIVE MODE");
            vm1.execute("INSERT INTO test VALUES (1, 'one'), (2, NULL)");

            WaitFailedException failure = catchThrowableOfType(
                    WaitFailedException.class, () -> cluster.awaitConverged("test", SHORT, "vm1", "vm2"));

            assertThat(failure.isHopeless()).isFalse();
            assertThat(failure)
                    .message()
                    .startsWith("""
                            waited for table test to be equal on vm1, vm2, not within 1.0 s
                            last seen: vm2 has 0 rows of table test, vm1 has 2; only on vm1: (1, one) (2, NULL)

                            === cluster one-way
                            --- vm1: running at\s""")
                    .endsWith(failure.snapshot().toString());
            assertPublisher(failure.snapshot().node("vm1"));
            assertSubscriber(failure.snapshot().node("vm2"), blocker.backendPid());
        }
        assertThat(lastWait(cluster))
                .isEqualTo(new Event.Wait(
                        WaitFor.equalRows("test", List.of("vm1", "vm2")),
                        Event.Wait.Outcome.NOT_MET,
                        lastWait(cluster).last(),
                        lastWait(cluster).millis()));
        assertThat(lastWait(cluster).what()).hasToString("table test to be equal on vm1, vm2");
        assertThat(lastWait(cluster).last())
                .hasToString("vm2 has 0 rows of table test, vm1 has 2; only on vm1: (1, one) (2, NULL)");
        assertThat(lastWait(cluster).millis()).isBetween(1000.0, 10_000.0);
    }

    private static void assertPublisher(NodeState vm1) {
        assertThat(vm1.slots()).singleElement().satisfies(slot -> {
            assertThat(slot.name()).isEqualTo("test_sub");
            assertThat(slot.active()).isTrue();
            assertThat(slot.walsender())
                    .extracting(SlotState.Walsender::application, SlotState.Walsender::phase)
                    .containsExactly("test_sub", "streaming");
        });
        assertThat(vm1.logTail()).anyMatch(line -> line.contains("START_REPLICATION SLOT "));
    }

    private static void assertSubscriber(NodeState vm2, int blocker) {
        assertThat(vm2.subscriptions()).singleElement().satisfies(subscription -> {
            assertThat(subscription.name()).isEqualTo("test_sub");
            assertThat(subscription.tables())
                    .extracting(SubscribedTable::shown, SubscribedTable::state)
                    .containsExactly(tuple("test", SyncState.READY));
        });
        assertThat(vm2.waiting().values()).extracting(row -> row.get(4)).containsExactly("{" + blocker + "}");
        assertThat(vm2.logTail()).anyMatch(line -> line.contains("table synchronization worker"));
    }

    @Test
    void waiting_for_a_subscription_that_cannot_catch_up_says_up_to_where(MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitReplicated();
        try (Session blocker = vm2.session()) {
            blocker.execute("BEGIN");
            blocker.execute("LOCK TABLE test");
            vm1.execute("INSERT INTO test VALUES (1, 'one')");

            assertThatThrownBy(() -> cluster.awaitReplicated(SHORT))
                    .isInstanceOf(WaitFailedException.class)
                    .message()
                    .matches("(?s)waited for subscription test_sub on vm2 to apply everything of vm1 up to"
                            + " [0-9A-F]+/[0-9A-F]+, not within 1\\.0 s\nlast seen: replayed [0-9A-F]+/[0-9A-F]+, flushed [0-9A-F]+/[0-9A-F]+\n\n"
                            + "=== cluster one-way\n.*");
        }
    }

    @Test
    void waiting_for_a_copy_that_cannot_begin_names_the_table_and_its_state(MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitReplicated();
        vm1.execute("CREATE TABLE later (id int PRIMARY KEY)");
        vm1.execute("GRANT SELECT ON later TO replicator");
        vm1.execute("ALTER PUBLICATION test_pub ADD TABLE later");
        vm2.execute("CREATE TABLE later (id int PRIMARY KEY)");
        try (Session blocker = vm2.session()) {
            blocker.execute("BEGIN");
            blocker.execute("LOCK TABLE later IN SHARE ROW EXCLUSIVE MODE");
            vm2.execute("ALTER SUBSCRIPTION test_sub REFRESH PUBLICATION");

            assertThatThrownBy(() -> cluster.awaitReplicated(vm2, "test_sub", SHORT))
                    .isInstanceOf(WaitFailedException.class)
                    .message()
                    .matches("(?s)waited for every table of subscription test_sub on vm2 to be synced, not within 1\\.0"
                            + " s\nlast seen: 1 of 2 tables synced: later=[id], test=r\n\n=== cluster one-way\n.*");
        }
    }

    @Test
    void a_subscription_to_an_empty_publication_is_not_taken_for_synced(MiniCluster cluster, Node vm1, Node vm2) {
        vm1.execute("CREATE PUBLICATION empty");
        vm2.execute("CREATE SUBSCRIPTION empty_sub CONNECTION '" + vm2.conninfoTo(vm1, "empty_sub")
                + "' PUBLICATION empty");

        assertThatThrownBy(() -> cluster.awaitReplicated(vm2, "empty_sub", SHORT))
                .isInstanceOf(WaitFailedException.class)
                .hasMessageStartingWith("""
                        waited for every table of subscription empty_sub on vm2 to be synced, not within 1.0 s
                        last seen: it has no table; is the publication empty, or a REFRESH due?

                        === cluster one-way
                        """);
    }

    @Test
    void waiting_for_an_unknown_subscription_lists_the_known_ones(MiniCluster cluster, Node vm1, Node vm2) {
        assertThatThrownBy(() -> cluster.awaitReplicated(vm2, "tset_sub"))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected vm2 to have an enabled subscription \"tset_sub\" to a node of this cluster, but"
                        + " has [test_sub]; check the name, or enable it");
        assertThatThrownBy(() -> cluster.awaitReplicated(vm1, "test_sub"))
                .hasMessage("expected vm1 to have an enabled subscription \"test_sub\" to a node of this cluster, but"
                        + " has []; check the name, or enable it");
        assertThatThrownBy(() -> cluster.awaitConverged("test", "vm1", "vm3"))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage("expected a node to be one of vm1, vm2, but was \"vm3\"; check the name or add the node");
    }

    @Test
    void other_waits_in_vain_say_what_they_saw_instead(MiniCluster cluster, Node vm1) {
        assertThatThrownBy(() -> cluster.awaitValue(vm1, "SELECT count(*) FROM test", 1, SHORT))
                .isInstanceOf(WaitFailedException.class)
                .hasMessageStartingWith(
                        "waited for \"SELECT count(*) FROM test\" on vm1 to return 1, not within 1.0 s\n"
                                + "last seen: [0]\n\n=== cluster one-way\n");
        assertThatThrownBy(() -> cluster.awaitValue(vm1, "SELECT id FROM missing", 1, SHORT))
                .isInstanceOf(WaitFailedException.class)
                .hasMessageStartingWith(
                        "waited for \"SELECT id FROM missing\" on vm1 to return 1, not within 1.0 s\n"
                                + "last seen: vm1 refused \"SELECT id FROM missing\": ERROR: relation \"missing\" does not exist")
                .hasCauseInstanceOf(SqlFailedException.class);
        assertThatThrownBy(() -> cluster.awaitLog(vm1, vm1.log().mark(), "no such line", SHORT))
                .isInstanceOf(WaitFailedException.class)
                .hasMessageStartingWith("waited for \"no such line\" in the log of vm1, not within 1.0 s\nlast seen: ");
        assertThatThrownBy(() -> cluster.await("rain", SHORT, () -> Seen.of(false, "sun")))
                .isInstanceOf(WaitFailedException.class)
                .hasMessageStartingWith("waited for rain, not within 1.0 s\nlast seen: sun\n\n=== cluster one-way\n");
    }

    @Test
    void waiting_on_a_table_that_is_missing_on_one_node_ends_at_once(MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitSynced();
        vm2.execute("DROP TABLE test");

        assertThatThrownBy(() -> cluster.awaitConverged("test", "vm1", "vm2"))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected vm2 to have table \"test\" in database \"rep\", but has none;"
                        + " create it there too");
        assertThatThrownBy(() -> vm1.table("app.test").rows())
                .hasMessage("expected vm1 to have table \"app.test\" in database \"rep\", but has none;"
                        + " create it there too");
    }

    private static Event.Wait lastWait(MiniCluster cluster) {
        return cluster.journal().entries().stream()
                .map(Entry::event)
                .filter(Event.Wait.class::isInstance)
                .map(Event.Wait.class::cast)
                .reduce((first, second) -> second)
                .orElseThrow();
    }
}
