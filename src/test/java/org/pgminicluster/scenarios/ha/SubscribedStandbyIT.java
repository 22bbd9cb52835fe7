package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;
import org.pgminicluster.wait.WaitFailedException;

/**
 * vm1 writes and publishes, vm2 is its standby, and vm3 subscribes to vm2.
 *
 * @see <a href="https://www.postgresql.org/docs/16/logicaldecoding-explanation.html#LOGICALDECODING-REPLICATION-SLOTS">
 *     Replication Slots, on a standby</a>
 */
@MiniClusterTest
@TopologyFrom("relieved")
@RequiresPostgres(min = 16, because = "logical decoding on a standby came with 16")
class SubscribedStandbyIT {

    private static final String WRITE = "INSERT INTO item SELECT i, 'row ' || i FROM generate_series(?::int, ?) AS i";
    private static final String COUNT = "SELECT count(*) FROM item";

    static Topology relieved() {
        return nodes("a standby that publishes").standby("vm2").of("vm1").build();
    }

    static Topology withAnother() {
        return nodes("a standby that publishes, and another")
                .standby("vm2")
                .of("vm1")
                .standby("vm4")
                .of("vm1")
                .build();
    }

    static Topology cascade() {
        String item = "CREATE TABLE item (id integer PRIMARY KEY, name text)";
        return Topology.named("a standby of a standby that publishes")
                .node("vm1", n -> n.database("more", d -> d.schema(item).publishes("items", "item")))
                .node("vm3", n -> n.database("more", d -> d.schema(item).subscribes("copy", "vm5", "items")))
                .standby("vm2")
                .of("vm1")
                .standby("vm5")
                .of("vm2")
                .build();
    }

    private static Topology.Builder nodes(String name) {
        return Topology.named(name)
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node(
                        "vm1",
                        n -> n.seed("INSERT INTO item VALUES (0, 'first')")
                                .publishes("items", "item")
                                .setting("log_statement", "all"))
                .node("vm3", n -> n.readOnly("item").subscribes("copy", "vm2", "items"));
    }

    @Test
    void what_the_primary_writes_is_awaited_through_the_standby(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        for (int written = 0; written < 10; written++) {
            vm1.execute(WRITE, 1 + 100 * written, 100 + 100 * written);
            cluster.awaitReplicated(vm3, "copy");
            assertThat(vm3.query(COUNT).number()).isEqualTo(101 + 100L * written);
        }

        vm1.execute("UPDATE item SET name = 'other' WHERE id = 0");
        cluster.awaitReplicated();
        assertThat(vm3.query("SELECT name FROM item WHERE id = 0").value()).isEqualTo("other");
        assertThat(vm2)
                .query("SELECT slot_name, slot_type, active FROM pg_replication_slots")
                .hasRows(row("copy", "logical", true));
        assertThat(vm1)
                .query("SELECT slot_name, slot_type FROM pg_replication_slots")
                .hasRows(row("vm2", "physical"));
    }

    @Test
    void a_wait_does_not_end_before_the_standby_has_replayed(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        vm2.execute("SELECT pg_wal_replay_pause()");
        vm1.execute(WRITE, 1, 10);

        assertThatThrownBy(() -> cluster.awaitReplicated(vm3, "copy", Duration.ofSeconds(1)))
                .isInstanceOf(WaitFailedException.class)
                .hasMessageStartingWith("waited for standby vm2 of vm1 to replay everything of vm1 up to ");
        assertThat(vm3.query(COUNT).number()).isEqualTo(1);

        vm2.execute("SELECT pg_wal_replay_resume()");
        cluster.awaitReplicatedAndConverged("item", Duration.ofSeconds(30), "vm1", "vm3");
        assertThat(vm3.query(COUNT).number()).isEqualTo(11);
    }

    @Test
    void a_table_that_is_published_later_is_copied_from_the_standby(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        vm1.execute("CREATE TABLE late (id integer PRIMARY KEY)");
        vm1.execute("INSERT INTO late VALUES (1), (2)");
        vm1.execute("ALTER PUBLICATION items ADD TABLE late");
        vm3.execute("CREATE TABLE late (id integer PRIMARY KEY)");
        cluster.standbys().awaitReplayed(vm2);
        ServerLog.Mark mark = vm1.log().mark();

        vm3.execute("ALTER SUBSCRIPTION copy REFRESH PUBLICATION");
        cluster.awaitReplicated();

        assertThat(vm3).table("late").hasRows(row(1), row(2));
        assertThat(vm1.log().since(mark))
                .as("without it, what makes the slot of the copy would have waited up to 15 s, or for ever")
                .contains("SELECT pg_log_standby_snapshot()");
    }

    @Test
    void a_subscription_goes_on_when_the_standby_has_taken_over(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        vm1.execute(WRITE, 1, 10);
        cluster.awaitReplicated();
        String slot = "SELECT slot_name, confirmed_flush_lsn IS NOT NULL, active FROM pg_replication_slots";

        vm1.kill();
        cluster.failOver("vm1", "vm2");
        vm2.execute(WRITE, 11, 20);
        cluster.awaitReplicated(vm3, "copy");

        assertThat(vm3.query(COUNT).number()).isEqualTo(21);
        assertThat(vm2).query(slot).hasRows(row("copy", true, true));

        cluster.standbys().rejoin(vm1);
        vm2.execute(WRITE, 21, 30);
        cluster.awaitReplicated();
        cluster.awaitConverged("item", "vm1", "vm2", "vm3");
        assertThat(vm3.query(COUNT).number()).isEqualTo(31);
    }

    @Test
    void a_link_from_the_standby_is_cut_and_healed_as_any_other(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        try (Fault cut = cluster.faults().cut(vm2, vm3)) {
            vm1.execute(WRITE, 1, 10);
            cluster.standbys().awaitReplayed(vm2);
            assertThat(vm2.query(COUNT).number()).isEqualTo(11);
            assertThat(vm3.query(COUNT).number()).isEqualTo(1);
        }
        cluster.awaitReplicated();
        assertThat(vm3.query(COUNT).number()).isEqualTo(11);
        assertThatThrownBy(() -> cluster.faults().cut(vm1, vm3))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected vm3 to have an enabled subscription to vm1, but has [copy to vm2]; say"
                        + " cut(publisher, subscriber)");
    }

    @Test
    void a_subscription_whose_slot_is_gone_is_made_again(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        cluster.faults().dropSlot(vm2, "copy");
        vm1.execute(WRITE, 1, 10);

        cluster.reseed(vm3, "copy");

        assertThat(vm3.query(COUNT).number()).isEqualTo(11);
    }

    @Test
    void its_slot_is_not_driven_to_lost_since_it_writes_no_wal(MiniCluster cluster, Node vm2, Node vm3) {
        vm3.kill();
        cluster.faults().limitSlotWal(vm2, 1);

        assertThatThrownBy(() -> cluster.faults().loseSlot(vm2, "copy"))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected vm2 to write WAL of its own when its slot \"copy\" is driven to lost, but was a"
                        + " standby; promote it first, or drop the slot");
    }

    @Test
    @TopologyFrom("withAnother")
    void another_standby_does_not_take_over_from_under_it(MiniCluster cluster, Node vm1, Node vm2, Node vm4) {
        vm1.kill();

        assertThat(cluster.standbys().obstacles(vm1, vm4))
                .containsExactly("vm2, which would be made a standby of vm4 by a copy, has the slot of a subscription,"
                        + " copy, which no copy has, let vm2 take over, or drop that subscription first");
        assertThat(cluster.standbys().obstacles(vm1, vm2)).isEmpty();
    }

    @Test
    @TopologyFrom("cascade")
    void what_comes_through_two_standbys_into_another_database_is_awaited(MiniCluster cluster, Node vm1, Node vm3) {
        for (int written = 0; written < 10; written++) {
            vm1.in("more").execute(WRITE, 1 + 100 * written, 100 + 100 * written);
            cluster.awaitReplicated();
            assertThat(vm3.in("more").query(COUNT).number()).isEqualTo(100 + 100L * written);
        }
    }
}
