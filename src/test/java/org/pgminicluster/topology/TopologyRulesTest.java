package org.pgminicluster.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every rule that no version can do without, by the whole sentence with which it refuses. */
class TopologyRulesTest {

    @Test
    void a_topology_has_a_node() {
        refused(t -> {}, "expected topology \"test\" to have a node, but has none; add one with .node(\"vm1\", ...)");
    }

    @Test
    void two_nodes_of_one_name_are_refused() {
        refused(
                t -> t.node("vm1").node("vm2").node("vm1"),
                "expected a node of the topology to have a name of its own, but there are two named \"vm1\";"
                        + " rename one");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Vm1",
                "1vm",
                "vm_1",
                "-vm",
                "vm-",
                "vm--1",
                "vm.1",
                "vm 1",
                "vm1\n",
                "vmü",
                "x2345678901234567890123456789012345678901"
            })
    void a_node_that_cannot_be_a_host_is_refused(String name) {
        refused(
                t -> t.node(name),
                "expected a node's name to be a host name of lower-case letters, digits and single hyphens, at most 40"
                        + " long, but was \"" + name + "\"; rename the node");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "vm-1-b", "x234567890123456789012345678901234567890"})
    void a_node_that_can_be_a_host_is_accepted(String name) {
        assertThat(build(t -> t.node(name)).node(name).name()).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65536})
    void a_port_that_no_one_has_is_refused(int port) {
        refused(
                t -> t.node("vm1", n -> n.port(port)),
                "expected the port of vm1 to be between 1 and 65535, or 0 for any free one, but was " + port
                        + "; choose another");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 65535})
    void any_other_port_is_accepted(int port) {
        assertThat(build(t -> t.node("vm1", n -> n.port(port))).node("vm1").port())
                .isEqualTo(port);
    }

    @Test
    void an_empty_database_name_is_refused() {
        refused(
                t -> t.database("").node("vm1"),
                "expected a database's name on vm1 to have 1 to 63 bytes of UTF-8, but has 0; choose another");
    }

    @ParameterizedTest
    @CsvSource({"d, 64", "ü, 32"})
    void a_name_that_the_server_would_cut_off_is_refused(String letter, int times) {
        String tooLong = letter.repeat(times);

        refused(
                t -> t.database(tooLong).node("vm1"),
                "expected a database's name on vm1 to have 1 to 63 bytes of UTF-8, but has 64; choose another");
        refused(
                t -> t.node("vm1", n -> n.publishes(tooLong, "test")),
                "expected a publication's name on vm1 to have 1 to 63 bytes of UTF-8, but has 64; choose another");
        refused(
                t -> pair(t, s -> s.to("vm1", "test_pub"), tooLong),
                "expected a subscription's name on vm2 to have 1 to 63 bytes of UTF-8, but has 64; choose another");
    }

    @Test
    void a_name_with_the_character_zero_is_refused() {
        refused(
                t -> t.node("vm1", n -> n.publishes("a\0b", "test")),
                "expected a publication's name on vm1 to have no character 0, but was \"a\0b\"; choose another");
    }

    @Test
    void two_publications_of_one_name_are_refused() {
        refused(
                t -> t.node("vm1", n -> n.publishes("p", "test").publishes("p", "test2")),
                "expected a publication of vm1 to have a name of its own, but there are two named \"p\"; rename one");
    }

    @Test
    void two_subscriptions_of_one_name_are_refused() {
        refused(
                t -> t.node("vm1", n -> n.publishes("p", "test").publishes("q", "test2"))
                        .node(
                                "vm2",
                                n -> n.subscribes("s", "vm1", "p")
                                        .subscription("s", s -> s.to("vm1", "q").slotName("other"))),
                "expected a subscription of vm2 to have a name of its own, but there are two named \"s\"; rename one");
    }

    @Test
    void a_subscription_to_an_unknown_node_is_refused() {
        refused(
                t -> pair(t, s -> s.to("vm9", "test_pub"), "sub"),
                "expected the publisher of subscription \"sub\" on vm2 to be one of vm1, vm2, but was \"vm9\";"
                        + " check the name or add the node");
    }

    @Test
    void a_login_on_an_unknown_node_is_refused() {
        refused(
                t -> t.node("vm1").node("vm2", n -> n.mayFollow("vm1", "vm9")),
                "expected a node that vm2 may follow to be one of vm1, vm2, but was \"vm9\";"
                        + " check the name or add the node");
    }

    @Test
    void a_subscription_to_an_unknown_publication_is_refused() {
        refused(
                t -> pair(t, s -> s.to("vm1", "test_pub", "tset_pub"), "sub"),
                "expected subscription \"sub\" on vm2 to follow a publication that vm1 has, but follows \"tset_pub\";"
                        + " its publications are test_pub");
    }

    @Test
    void a_subscription_to_a_node_that_publishes_nothing_is_refused() {
        refused(
                t -> t.node("vm1").node("vm2", n -> n.subscribes("sub", "vm1", "p")),
                "expected subscription \"sub\" on vm2 to follow a publication that vm1 has, but follows \"p\";"
                        + " it has no publications");
    }

    @Test
    void a_subscription_to_an_unknown_database_is_refused() {
        refused(
                t -> pair(t, s -> s.to("vm1", "test_pub").database("other"), "sub"),
                "expected subscription \"sub\" on vm2 to follow a database that vm1 has, but follows \"other\";"
                        + " its databases are rep");
    }

    @Test
    void a_subscription_to_nothing_is_refused() {
        refused(
                t -> pair(t, s -> s.to("vm1"), "sub"),
                "expected subscription \"sub\" to follow a publication, but follows none;"
                        + " say .to(\"node\", \"publication\")");
    }

    @Test
    void an_option_that_no_major_has_is_refused() {
        refused(
                t -> pair(t, s -> s.with("copydata", "true"), "sub"),
                "expected an option of subscription \"sub\" to be one that PostgreSQL has, but was \"copydata\"; known"
                        + " are connect, create_slot, enabled, slot_name, copy_data, synchronous_commit, binary,"
                        + " streaming, two_phase, disable_on_error, password_required, run_as_owner, origin, failover,"
                        + " retain_dead_tuples, max_retention_duration, wal_receiver_timeout");
    }

    @Test
    void a_slot_name_that_the_server_would_refuse_is_refused() {
        refused(
                t -> pair(t, s -> s.to("vm1", "test_pub").slotName("My Slot"), "sub"),
                "expected the slot name of subscription \"sub\" on vm2 to be of lower-case letters, digits and"
                        + " underscores, at most 63, but was \"My Slot\"; choose another");
    }

    @Test
    void two_subscribers_that_would_share_a_slot_are_refused() {
        refused(
                t -> t.node("vm1", n -> n.publishes("test_pub", "test"))
                        .node("vm2", n -> n.subscribes("test_sub", "vm1", "test_pub"))
                        .node("vm3", n -> n.subscribes("test_sub", "vm1", "test_pub")),
                "expected slot \"test_sub\" on vm1 to belong to one subscription, but is wanted by those of vm2 and"
                        + " vm3; give one of the subscriptions another name or a slot_name");
    }

    @Test
    void a_subscription_to_its_own_server_is_refused_for_it_would_wait_for_itself() {
        refused(
                t -> t.node(
                        "vm1",
                        n -> n.publishes("p", "test")
                                .database(
                                        "copy",
                                        d -> d.subscription(
                                                "sub", s -> s.to("vm1", "p").database("rep")))),
                "expected subscription \"sub\" on vm1 to follow another node, but follows vm1 itself, and CREATE"
                        + " SUBSCRIPTION would wait for itself while it makes its slot; make the slot beforehand and"
                        + " say .with(\"create_slot\", \"false\")");
    }

    @Test
    void a_table_that_is_owned_and_read_only_is_refused() {
        refused(
                t -> t.node("vm1", n -> n.owns("test").readOnly("test")),
                "expected table \"test\" on vm1 to be either written there or a read-only copy, but is both; take it out"
                        + " of readOnly(...), or subscribe to the node that owns it");
    }

    @Test
    void a_table_that_is_published_at_its_source_and_read_only_is_refused() {
        refused(
                t -> t.node("vm1", n -> n.publishes("p", "app.test").readOnly("app.test")),
                "expected table \"app.test\" on vm1 to be either written there or a read-only copy, but is both; take it"
                        + " out of readOnly(...), or subscribe to the node that owns it");
    }

    @Test
    void a_read_only_table_that_nobody_writes_is_refused() {
        refused(
                t -> t.node("vm1", n -> n.publishes("p", "test")).node("vm2", n -> n.readOnly("tset")),
                "expected table \"tset\", read-only on vm2 to be owned by some node, but is owned by none; publish it on"
                        + " the node that writes it, or say owns(\"tset\") there");
    }

    @Test
    void a_publication_of_all_tables_and_of_some_is_refused() {
        refused(
                t -> t.node("vm1", n -> n.publication("p", p -> p.allTables().tables("test"))),
                "expected publication \"p\" to be for all tables or for those it lists, but was both;"
                        + " keep one of allTables() and tables(...)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sb, s", "ANY 3 (*)", "first 2 (standby, \"S\"\"s\")", "2 (standby, other)"})
    void commits_that_would_wait_for_ever_are_refused(String names) {
        int count = names.contains("3") ? 3 : names.contains("2") ? 2 : 1;
        refused(
                t -> t.node("vm1", n -> n.publishes("p", "t").setting("synchronous_standby_names", names))
                        .node("vm2", n -> n.subscribes("vm2_sub", "vm1", "p"))
                        .standby("standby")
                        .of("vm1"),
                "expected synchronous_standby_names of vm1 to name " + count + " of the standbys and subscriptions that"
                        + " follow it, since every commit waits for as many, but was \"" + names
                        + "\"; those are standby, vm2_sub");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", "STANDBY", "FIRST 1 (nobody, \"vm2_sub\")", "any 2 (standby,vm2_sub)", "2(*)"})
    void commits_may_wait_for_those_that_follow(String names) {
        assertThatCode(() ->
                        build(t -> t.node("vm1", n -> n.publishes("p", "t").setting("synchronous_standby_names", names))
                                .node("vm2", n -> n.subscribes("vm2_sub", "vm1", "p"))
                                .standby("standby")
                                .of("vm1")))
                .doesNotThrowAnyException();
    }

    @Test
    void the_topologys_own_database_cannot_be_said_to_be_another() {
        refused(
                t -> t.database("rep").node("vm1", n -> n.database("rep", d -> {})),
                "expected another database of vm1 to have a name of its own, but was \"rep\", the topology's own;"
                        + " say what is in that one on the node itself");
    }

    @Test
    void a_schema_script_that_is_nowhere_is_refused() {
        refused(
                t -> t.schemaFrom("no/such.sql").node("vm1"),
                "expected script no/such.sql to be on the class path or in the file system, but is in neither;"
                        + " put it under src/test/resources or give the file's path");
    }

    @Test
    void asking_for_an_unknown_node_lists_the_known_ones() {
        assertThatThrownBy(() -> HomeworkTopology.create().node("vm4"))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage("expected a node to be one of vm1, vm2, vm3, but was \"vm4\";"
                        + " check the name or add the node");
    }

    @ParameterizedTest
    @CsvSource({"ssl, off", "ssl, on", "ssl_cert_file, /mine.crt", "SSL_Key_File, /mine.key"})
    void what_tls_makes_is_not_set_by_hand_too(String setting, String value) {
        String message = " to leave " + setting + " to tls(), which makes a certificate for every server, but has "
                + setting + " = " + value + "; leave out one of them";

        refused(t -> t.tls().setting(setting, value).node("vm1"), "expected the settings of vm1" + message);
        refused(t -> t.node("vm1", n -> n.setting(setting, value)).tls(), "expected the settings of vm1" + message);
        refused(
                t -> t.tls().node("vm1").standby("vm2").setting(setting, value).of("vm1"),
                "expected the settings of vm2" + message);
        assertThatCode(() -> build(t -> t.setting(setting, value).node("vm1"))).doesNotThrowAnyException();
    }

    @Test
    void how_tls_is_spoken_may_be_set() {
        Topology topology = build(
                t -> t.tls().setting("ssl_min_protocol_version", "TLSv1.3").node("vm1"));

        assertThat(topology.tls()).isTrue();
        assertThat(topology.seeded("vm1", "SELECT 1").tls()).isTrue();
        assertThat(build(t -> t.node("vm1")).tls()).isFalse();
    }

    /** vm1 publishes {@code test} as {@code test_pub}, vm2 subscribes as is said. */
    private static void pair(Topology.Builder topology, Consumer<Subscription.Builder> spec, String subscription) {
        topology.node("vm1", n -> n.publishes("test_pub", "test")).node("vm2", n -> n.subscription(subscription, spec));
    }

    private static void refused(Consumer<Topology.Builder> description, String message) {
        assertThatThrownBy(() -> build(description))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(message);
    }

    private static Topology build(Consumer<Topology.Builder> description) {
        Topology.Builder builder = Topology.named("test");
        description.accept(builder);
        return builder.build();
    }
}
