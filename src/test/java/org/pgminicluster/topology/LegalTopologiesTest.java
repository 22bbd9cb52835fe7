package org.pgminicluster.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What looks odd and is in order: no rule may refuse it, on any version that can do it. */
class LegalTopologiesTest {

    @Test
    void the_homework() {
        accepted(HomeworkTopology.create());
    }

    @Test
    void a_node_alone() {
        accepted(Topology.named("alone").node("vm1").build());
    }

    @Test
    void many_nodes_that_copy_one() {
        accepted(Topology.named("fan-out")
                .node("vm1", n -> n.publishes("p", "test"))
                .node("vm2", n -> n.readOnly("test").subscribes("vm2_sub", "vm1", "p"))
                .node("vm3", n -> n.readOnly("test").subscribes("vm3_sub", "vm1", "p"))
                .build());
    }

    @Test
    void a_node_that_gathers_one_table_from_many() {
        accepted(Topology.named("fan-in")
                .node("vm1", n -> n.publishes("p", "test"))
                .node("vm2", n -> n.publishes("p", "test"))
                .node(
                        "vm3",
                        n -> n.readOnly("test")
                                .subscribes("from_vm1", "vm1", "p")
                                .subscribes("from_vm2", "vm2", "p"))
                .build());
    }

    @Test
    void a_chain_whose_middle_only_reads_what_it_passes_on() {
        accepted(Topology.named("chain")
                .node("vm1", n -> n.publishes("p", "test"))
                .node("vm2", n -> n.readOnly("test").publishes("p", "test").subscribes("s", "vm1", "p"))
                .node("vm3", n -> n.readOnly("test").subscribes("s", "vm2", "p"))
                .build());
    }

    @Test
    @SuppressWarnings("deprecation")
    void a_read_only_copy_by_its_former_name() {
        Topology former = Topology.named("former")
                .node("vm1", n -> n.owns("test"))
                .node("vm2", n -> n.guards("test"))
                .build();

        assertThat(former.node("vm2").databases().get(0).readOnly())
                .isEqualTo(former.node("vm2").databases().get(0).guards())
                .containsExactly(TableName.of("test"));
    }

    @Test
    void a_table_that_nobody_publishes_but_somebody_owns() {
        accepted(Topology.named("later")
                .node("vm1", n -> n.owns("test"))
                .node("vm2", n -> n.readOnly("test"))
                .build());
    }

    @Test
    void two_subscriptions_of_one_name_to_different_publishers() {
        accepted(Topology.named("names")
                .node("vm1", n -> n.publishes("p", "test"))
                .node("vm2", n -> n.publishes("p", "test2"))
                .node("vm3", n -> n.subscribes("s", "vm1", "p"))
                .node("vm4", n -> n.subscribes("s", "vm2", "p"))
                .build());
    }

    @Test
    void two_subscriptions_without_a_slot() {
        accepted(Topology.named("no slots")
                .node("vm1", n -> n.publishes("p", "test"))
                .node(
                        "vm2",
                        n -> n.subscription(
                                "s",
                                s -> s.to("vm1", "p").with("connect", "false").slotName("none")))
                .node(
                        "vm3",
                        n -> n.subscription(
                                "s",
                                s -> s.to("vm1", "p").with("connect", "false").slotName("none")))
                .build());
    }

    @Test
    void two_tables_that_go_opposite_ways() {
        accepted(Topology.named("crosswise")
                .node("vm1", n -> n.readOnly("test2").publishes("p", "test").subscribes("s", "vm2", "p"))
                .node("vm2", n -> n.readOnly("test").publishes("p", "test2").subscribes("s", "vm1", "p"))
                .build());
    }

    @Test
    void one_table_that_goes_opposite_ways_between_databases_of_its_own() {
        accepted(Topology.named("databases")
                .node(
                        "vm1",
                        n -> n.publishes("p", "test")
                                .database("back", d -> d.readOnly("test").subscribes("s", "vm2", "q")))
                .node(
                        "vm2",
                        n -> n.readOnly("test")
                                .subscribes("s", "vm1", "p")
                                .database("back", d -> d.publishes("q", "test")))
                .build());
    }

    @Test
    void a_subscription_to_its_own_server_whose_slot_is_made_beforehand() {
        accepted(Topology.named("own server")
                .node(
                        "vm1",
                        n -> n.publishes("p", "test")
                                .database(
                                        "copy",
                                        d -> d.subscription(
                                                "s",
                                                s -> s.to("vm1", "p")
                                                        .database("rep")
                                                        .with("create_slot", "false"))))
                .build());
    }

    @Test
    void names_with_quotes_spaces_upper_case_and_other_scripts() {
        Topology odd = Topology.named("odd \"names\"")
                .database("Rep \"x\"")
                .node("vm1", n -> n.publishes("Pub 'one'", "tab'le \"x\"", "\"Ünï.cödé\".\"таблица\""))
                .node(
                        "vm2",
                        n -> n.readOnly("tab'le \"x\"", "\"Ünï.cödé\".\"таблица\"")
                                .subscribes("Sub \\ ünï", "vm1", "Pub 'one'"))
                .build();

        accepted(odd);
        assertThat(odd.node("vm2").databases().get(0).readOnly())
                .containsExactly(new TableName("public", "tab'le \"x\""), new TableName("Ünï.cödé", "таблица"));
    }

    @Test
    void names_of_exactly_63_bytes() {
        String longest = "ü".repeat(31) + "x";
        accepted(Topology.named("long")
                .database(longest)
                .node("vm1", n -> n.publishes(longest, "test"))
                .node("vm2", n -> n.subscribes(longest, "vm1", longest))
                .build());
    }

    @Test
    void names_that_would_be_tamed_to_one_slot_get_two() {
        Topology topology = Topology.named("slots")
                .node("vm1", n -> n.publishes("p", "test"))
                .node("vm2", n -> n.subscribes("A b", "vm1", "p").subscribes("a-b", "vm1", "p"))
                .build();

        accepted(topology);
        List<String> slots = topology.node("vm2").databases().get(0).subscriptions().stream()
                .map(Subscription::slotName)
                .toList();
        assertThat(slots).doesNotHaveDuplicates().allMatch(slot -> slot.matches("[a-z0-9_]{1,63}"));
    }

    @Test
    void a_plain_name_is_its_slots_name_too() {
        Topology homework = HomeworkTopology.create();

        assertThat(homework.node("vm3").databases().get(0).subscriptions())
                .extracting(Subscription::slotName)
                .containsExactly("vm3_test_sub", "vm3_test2_sub");
    }

    @Test
    void a_schema_from_a_file(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(directory.resolve("tables.sql"), "CREATE TABLE größe (id int)");

        Topology topology =
                Topology.named("file").schemaFrom(file.toString()).node("vm1").build();

        assertThat(topology.node("vm1").databases().get(0).schema())
                .containsExactly(new SqlScript(file.toString(), "CREATE TABLE größe (id int)"));
    }

    @Test
    void a_schema_from_the_class_path_shared_before_the_nodes_own() {
        Topology topology = Topology.named("resource")
                .schemaFrom("/org/pgminicluster/topology/shared.sql")
                .node("vm1", n -> n.schema("CREATE TABLE own (id int)"))
                .build();

        assertThat(topology.node("vm1").databases().get(0).schema())
                .extracting(script -> script.sql().strip())
                .containsExactly("CREATE TABLE shared (id int);", "CREATE TABLE own (id int)");
    }

    @Test
    void a_nodes_own_setting_wins_over_the_shared_one() {
        Topology topology = Topology.named("settings")
                .setting("work_mem", "1MB")
                .setting("jit", "off")
                .node("vm1", n -> n.setting("work_mem", "2MB"))
                .node("vm2")
                .build();

        assertThat(topology.node("vm1").settings()).isEqualTo(Map.of("work_mem", "2MB", "jit", "off"));
        assertThat(topology.node("vm2").settings()).isEqualTo(Map.of("work_mem", "1MB", "jit", "off"));
    }

    @Test
    void first_rows_that_are_said_afterwards_belong_to_one_node() {
        Topology homework = HomeworkTopology.create();

        Topology seeded =
                homework.seeded("vm1", "INSERT INTO test VALUES (1)").seeded("vm1", "INSERT INTO test VALUES (2)");

        assertThat(seeded.node("vm1").databases().get(0).seed())
                .extracting(SqlScript::sql)
                .containsExactly("INSERT INTO test VALUES (1)", "INSERT INTO test VALUES (2)");
        assertThat(seeded.node("vm2")).isEqualTo(homework.node("vm2"));
        assertThat(homework.node("vm1").databases().get(0).seed()).isEmpty();
        assertThatThrownBy(() -> homework.seeded("vm4", "SELECT 1")).isInstanceOf(InvalidTopologyException.class);
    }

    private static void accepted(Topology topology) {
        for (int major : new int[] {10, 13, 16, 18}) {
            assertThatCode(() -> topology.requireSupportedBy(major))
                    .as("PostgreSQL %d", major)
                    .doesNotThrowAnyException();
        }
    }
}
