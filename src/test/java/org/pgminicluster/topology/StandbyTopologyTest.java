package org.pgminicluster.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
    void a_standby_of_a_standby_is_refused() {
        refused(
                t -> t.standby("vm4").of("vm2").standby("vm5").of("vm4"),
                "expected the primary of vm5 to be one of vm1, vm2, but was \"vm4\"; check the name or add the node");
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
