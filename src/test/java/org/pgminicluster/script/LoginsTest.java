package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.topology.Topology;

/** Who gets a login on whom. */
class LoginsTest {

    @Test
    void a_node_has_a_login_where_it_subscribes_and_where_it_may_follow_and_only_one_where_both() {
        Script script = script(Topology.named("test")
                .schema("CREATE TABLE item (id integer)")
                .node("vm1", vm1 -> vm1.publishes("pub", "item"))
                .node("vm2", vm2 -> vm2.subscribes("sub", "vm1", "pub"))
                .node("vm3", vm3 -> vm3.mayFollow("vm1"))
                .node("vm4", vm4 -> vm4.subscribes("vm4_sub", "vm1", "pub").mayFollow("vm1"))
                .node("vm5"));

        assertThat(script.on("vm1"))
                .filteredOn(step -> step.phase() == Step.Phase.ROLE)
                .extracting(step -> step.command().toString())
                .containsExactly(
                        "CREATE ROLE replicator",
                        "CREATE ROLE replicator_vm2 LOGIN REPLICATION IN ROLE replicator",
                        "\\password replicator_vm2",
                        "CREATE ROLE replicator_vm3 LOGIN REPLICATION IN ROLE replicator",
                        "\\password replicator_vm3",
                        "CREATE ROLE replicator_vm4 LOGIN REPLICATION IN ROLE replicator",
                        "\\password replicator_vm4");
    }

    @Test
    void a_node_that_publishes_nothing_yet_is_followed_by_login_too() {
        Script script = script(Topology.named("test").node("vm1").node("vm2", vm2 -> vm2.mayFollow("vm1")));

        assertThat(script.on("vm1"))
                .extracting(step -> step.command().toString())
                .containsExactly(
                        "CREATE ROLE replicator",
                        "CREATE ROLE replicator_vm2 LOGIN REPLICATION IN ROLE replicator",
                        "\\password replicator_vm2",
                        RightsSql.follow(13));
        assertThat(script.on("vm2")).isEmpty();
    }

    private static Script script(Topology.Builder topology) {
        return Script.of(topology.build(), Peers.byName());
    }
}
