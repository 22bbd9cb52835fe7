package org.pgminicluster.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class StandbyTopologyTest {

    @Test
    void a_standby_is_a_server_of_the_topology_and_described_by_its_primary() {
        Topology topology = HomeworkTopology.withGuardedStandby();

        assertThat(topology.names()).containsExactly("vm1", "vm2", "vm3", "vm4");
        assertThat(topology.described("vm4")).isSameAs(topology.node("vm3"));
        assertThat(topology.standby("vm4")).get().returns(true, StandbySpec::guarded);
        assertThat(topology.standbysOf("vm3")).hasSize(1);
        assertThat(topology.seeded("vm1", "SELECT 1").standbys()).isEqualTo(topology.standbys());
        assertThat(topology).hasToString("homework with a guarded standby [vm1, vm2, vm3, vm4]");
    }

    @Test
    void its_arrow_is_dashed() {
        assertThat(HomeworkTopology.withStandby().toMermaid()).contains("    node_vm3 -.->|\"WAL\"| node_vm4\n");
    }

    @Test
    void a_primary_that_is_not_there_is_refused() {
        refused(
                t -> t.standby("vm4").of("vm3"),
                "expected the primary of vm4 to be one of vm1, vm2, but was \"vm3\"; check the name or add the node");
    }

    @Test
    void a_standby_of_a_standby_is_described_by_the_node_above_both() {
        Topology topology = Topology.named("chain")
                .node("vm1")
                .standby("vm3")
                .of("vm2")
                .standby("vm2")
                .of("vm1")
                .build();

        assertThat(topology.described("vm3")).isSameAs(topology.node("vm1"));
        assertThat(topology.standbysOf("vm1")).extracting(StandbySpec::name).containsExactly("vm2");
        assertThat(topology.standbysBelow("vm1")).extracting(StandbySpec::name).containsExactly("vm2", "vm3");
        assertThat(topology.toMermaid()).contains("    node_vm2 -.->|\"WAL\"| node_vm3\n");
    }

    @Test
    void a_primary_that_is_not_there_is_refused_with_the_standbys_that_could_be_meant() {
        refused(
                t -> t.standby("vm5").of("vm4").standby("vm4").of("vm3"),
                "expected the primary of vm4 to be one of vm1, vm2, vm5, but was \"vm3\"; check the name or add the"
                        + " node");
    }

    @Test
    void standbys_that_follow_each_other_are_refused() {
        refused(
                t -> t.standby("a").of("b").standby("b").of("a"),
                "expected standby a to follow a node, directly or through other standbys, but follows nobody but"
                        + " standbys, a of b of a; make one of them a standby of a node");
        refused(
                t -> t.standby("c").of("a").standby("a").of("a"),
                "expected standby c to follow a node, directly or through other standbys, but follows nobody but"
                        + " standbys, c of a of a; make one of them a standby of a node");
    }

    @Test
    void a_guarded_standby_of_a_standby_is_refused() {
        refused(
                t -> t.standby("vm4").of("vm2").standby("vm5").guarded().of("vm4"),
                "expected the guarded standby vm5 to follow a node, from which it can take over, but follows vm4, which"
                        + " is a standby itself and writes nothing; leave out guarded(), or make it a standby of vm2");
    }

    @Test
    void a_standby_of_a_standby_syncs_no_slots() {
        refused(
                t -> t.standby("vm4")
                        .of("vm2")
                        .standby("vm5")
                        .setting("sync_replication_slots", "on")
                        .of("vm4"),
                "expected standby vm5, which has sync_replication_slots = on, to follow a node, since PostgreSQL syncs no"
                        + " slots from a standby, but follows vm4, which is a standby itself; leave that setting out, or"
                        + " make it a standby of vm2");
    }

    @Test
    void a_subscription_may_follow_a_standby_from_16_on() {
        Topology topology = onStandby(n -> n.readOnly("item").subscribes("other_sub", "vm3", "item_pub"));

        assertThatCode(() -> topology.requireSupportedBy(16)).doesNotThrowAnyException();
        assertThatThrownBy(() -> topology.requireSupportedBy(15))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(
                        "expected subscription \"other_sub\" on vm4 to use what PostgreSQL 15 of the standby vm3 has,"
                                + " but uses logical decoding on a standby, which came with 16; follow vm1, which has the same"
                                + " publications, or run with -Dminicluster.postgres=16 or later");
        assertThat(topology.toMermaid())
                .contains(
                        "    node_vm1 -.->|\"WAL\"| node_vm3\n",
                        "    node_vm3 -->|\"item_pub → other_sub\"| node_vm4\n");
    }

    @Test
    void a_standby_has_the_databases_and_publications_of_its_node() {
        assertThatThrownBy(() -> onStandby(n -> n.subscribes("other_sub", "vm3", "other_pub")))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(
                        "expected subscription \"other_sub\" on vm4 to follow a publication that vm1 has, but follows"
                                + " \"other_pub\"; its publications are item_pub");
    }

    @Test
    void a_node_that_subscribes_to_its_own_standby_would_wait_for_itself() {
        refused(
                t -> t.standby("vm3")
                        .of("vm2")
                        .node("vm4")
                        .node("vm5", n -> n.publishes("p", "item").subscribes("s", "vm6", "p"))
                        .standby("vm6")
                        .of("vm5"),
                "expected subscription \"s\" on vm5 to follow another node, but follows vm6, a standby of vm5, and CREATE"
                        + " SUBSCRIPTION would wait for itself while it makes its slot; make the slot beforehand and say"
                        + " .with(\"create_slot\", \"false\")");
    }

    @Test
    void what_goes_round_through_a_standby_is_seen() {
        Topology topology = Topology.named("round")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node("vm1", n -> n.publishes("a", "item").subscribes("b_sub", "vm2", "b"))
                .node("vm2", n -> n.publishes("b", "item").subscribes("a_sub", "vm3", "a"))
                .standby("vm3")
                .of("vm1")
                .build();

        assertThatThrownBy(() -> topology.requireSupportedBy(16))
                .hasMessageStartingWith("expected table \"item\" to travel one way, but goes round vm2 -> vm1 -> vm2");
    }

    @Test
    void failover_slots_are_kept_by_nodes() {
        refused(
                t -> t.standby("vm3")
                        .of("vm1")
                        .node("vm4", n -> n.subscribes("other_sub", "vm3", "item_pub"))
                        .standby("vm5")
                        .guarded()
                        .of("vm4"),
                "expected the guarded standby vm5 to be of a node that follows nodes, which keep its failover slots, but is"
                        + " of vm4, whose \"other_sub\" follows vm3, a standby; leave out guarded(), or follow vm1");
    }

    private static Topology onStandby(Consumer<NodeSpec.Builder> subscriber) {
        return Topology.named("test")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node("vm1", n -> n.publishes("item_pub", "item"))
                .node("vm4", subscriber)
                .standby("vm3")
                .of("vm1")
                .build();
    }

    @Test
    void a_standby_named_like_a_node_is_refused() {
        refused(
                t -> t.standby("vm1").of("vm2"),
                "expected a node of the topology to have a name of its own, but there are two named \"vm1\";"
                        + " rename one");
    }

    @Test
    void a_guarded_standby_of_a_node_that_subscribes_to_nothing_is_refused() {
        refused(
                t -> t.standby("vm4").guarded().of("vm1"),
                "expected the guarded standby vm4 to be of a node that subscribes to something, but is of vm1, which"
                        + " does not; leave out guarded()");
    }

    @Test
    void a_standby_came_with_12() {
        Topology topology = HomeworkTopology.withStandby();

        assertThatCode(() -> topology.requireSupportedBy(12)).doesNotThrowAnyException();
        assertThatThrownBy(() -> topology.requireSupportedBy(11))
                .hasMessage("expected standby vm4 of vm3 to use what PostgreSQL 11 has, but uses standby.signal and"
                        + " pg_promote(), which came with 12; leave it out or run with -Dminicluster.postgres=12 or"
                        + " later");
    }

    private static void refused(UnaryOperator<Topology.Builder> standbys, String message) {
        Topology.Builder builder = Topology.named("test")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node("vm1", n -> n.publishes("item_pub", "item"))
                .node("vm2", n -> n.subscribes("item_sub", "vm1", "item_pub"));
        assertThatThrownBy(() -> standbys.apply(builder).build())
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(message);
    }
}
