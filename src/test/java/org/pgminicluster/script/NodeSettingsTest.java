package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** Settings follow from what a node is for; what the topology sets itself wins, and nothing else is lost by that. */
class NodeSettingsTest {

    private final Topology homework = HomeworkTopology.create();

    @ParameterizedTest
    @ValueSource(strings = {"vm1", "vm2"})
    void a_publisher_writes_decodable_wal(String node) {
        assertThat(settings(homework, node))
                .containsEntry("wal_level", "logical")
                .containsEntry("max_replication_slots", "15")
                .containsEntry("max_wal_senders", "15")
                .containsEntry("max_logical_replication_workers", "11")
                .containsEntry("max_worker_processes", "19");
    }

    @Test
    void a_pure_subscriber_keeps_the_default_level() {
        assertThat(settings(homework, "vm3"))
                .doesNotContainKey("wal_level")
                .containsEntry("max_replication_slots", "10")
                .containsEntry("max_logical_replication_workers", "14")
                .containsEntry("max_worker_processes", "22");
    }

    @Test
    void of_all_tables_four_are_copied_at_a_time_and_there_is_room_for_that() {
        Topology all = Topology.named("all")
                .node("vm1", n -> n.publication("p", p -> p.allTables()))
                .node("vm2", n -> n.subscribes("s", "vm1", "p"))
                .build();

        assertThat(settings(all, "vm1"))
                .doesNotContainKey("max_sync_workers_per_subscription")
                .containsEntry("max_replication_slots", "13")
                .containsEntry("max_wal_senders", "13");
        assertThat(settings(all, "vm2"))
                .containsEntry("max_sync_workers_per_subscription", "4")
                .containsEntry("max_replication_slots", "11")
                .containsEntry("max_logical_replication_workers", "13");
        assertThat(settings(homework, "vm3")).doesNotContainKey("max_sync_workers_per_subscription");
    }

    @Test
    void from_18_on_origins_are_counted_by_themselves() {
        assertThat(NodeSettings.asMap(NodeSettings.of(homework, homework.node("vm3"), 17)))
                .doesNotContainKey("max_active_replication_origins");
        assertThat(NodeSettings.asMap(NodeSettings.of(homework, homework.node("vm3"), 18)))
                .containsEntry("max_active_replication_origins", "14");
    }

    /** Where the major is not known the server may be one that does not know the setting. */
    @Test
    void from_12_on_no_query_is_compiled() {
        assertThat(NodeSettings.asMap(NodeSettings.of(homework, homework.node("vm1"), 12)))
                .containsEntry("jit", "off");
        assertThat(NodeSettings.asMap(NodeSettings.of(homework, homework.node("vm1"), 11)))
                .doesNotContainKey("jit");
        assertThat(settings(homework, "vm1")).doesNotContainKey("jit");
    }

    @Test
    void a_node_that_many_follow_has_connections_for_them_and_for_clients() {
        Topology.Builder many = Topology.named("many").node("vm1", n -> n.publishes("p", "test"));
        for (int i = 0; i < 20; i++) {
            String name = "copy-" + i;
            many.node(name, n -> n.subscribes("s_" + name.replace('-', '_'), "vm1", "p"));
        }

        assertThat(settings(many.build(), "vm1"))
                .containsEntry("max_wal_senders", "68")
                .containsEntry("max_connections", "76");
        assertThat(settings(homework, "vm1")).containsEntry("max_connections", "50");
    }

    @Test
    void subscriptions_of_every_database_count() {
        Topology topology = Topology.named("test")
                .node("vm1", n -> n.database("b", d -> d.publishes("p", "test")))
                .node("vm2", n -> n.database("b", d -> d.subscribes("s", "vm1", "p")))
                .build();

        assertThat(settings(topology, "vm1"))
                .containsEntry("wal_level", "logical")
                .containsEntry("max_replication_slots", "11");
        assertThat(settings(topology, "vm2"))
                .containsEntry("max_replication_slots", "9")
                .containsEntry("max_logical_replication_workers", "11");
    }

    @Test
    void what_the_topology_sets_wins_and_comes_last() {
        Topology topology = Topology.named("test")
                .node(
                        "vm1",
                        n -> n.publishes("p", "test")
                                .setting("wal_level", "replica")
                                .setting("work_mem", "1MB"))
                .build();

        List<Setting> settings = NodeSettings.of(topology, topology.node("vm1"));

        assertThat(settings)
                .endsWith(
                        new Setting("wal_level", "replica", "set by the topology"),
                        new Setting("work_mem", "1MB", "set by the topology"));
        assertThat(settings).extracting(Setting::name).doesNotHaveDuplicates();
    }

    @Test
    void a_setting_is_the_same_in_whatever_case_it_is_written() {
        Topology topology = Topology.named("test")
                .node("vm1", n -> n.publishes("p", "test").setting("WAL_Level", "replica"))
                .build();

        assertThat(settings(topology, "vm1")).doesNotContainKey("wal_level").containsEntry("WAL_Level", "replica");
    }

    @Test
    void no_default_is_lost_when_one_is_replaced() {
        Set<String> before = new HashSet<>(settings(homework, "vm1").keySet());
        Topology changed = Topology.named("test")
                .setting("fsync", "on")
                .setting("work_mem", "1MB")
                .node("vm1", n -> n.publishes("p", "test"))
                .build();

        before.add("work_mem");

        assertThat(settings(changed, "vm1")).containsEntry("fsync", "on").containsOnlyKeys(before);
    }

    @Test
    void every_setting_has_a_reason() {
        assertThat(NodeSettings.of(homework, homework.node("vm1")))
                .allSatisfy(setting -> assertThat(setting.reason()).isNotBlank());
    }

    private static Map<String, String> settings(Topology topology, String node) {
        return NodeSettings.asMap(NodeSettings.of(topology, topology.node(node)));
    }
}
