package org.pgminicluster.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.topology.Publication.GeneratedColumns;
import org.pgminicluster.topology.Publication.Operation;

/** What depends on the version: options that came later, and tables that would come back to where they were written. */
class VersionRulesTest {

    private static final String ON_13 =
            " publish it on one node only (origin=none came with PostgreSQL 16), or say allowEcho() to see it happen";
    private static final String ON_16 =
            " publish it on one node only, subscribe .with(\"origin\", \"none\") all the way round, or say"
                    + " allowEcho() to see it happen";

    @ParameterizedTest
    @EnumSource
    void an_option_is_refused_by_every_major_before_the_one_that_brought_it(SubscriptionOption option) {
        Topology topology = oneWay(p -> p.tables("test"), s -> s.with(option.sqlName(), "false"));

        refused(
                topology,
                option.since() - 1,
                "expected subscription \"sub\" on vm2 to use what PostgreSQL %1$d has, but uses option %2$s, which came"
                                .formatted(option.since() - 1, option.sqlName())
                        + " with %1$d; leave it out or run with -Dminicluster.postgres=%1$d or later"
                                .formatted(option.since()));
        accepted(topology, option.since());
    }

    @Test
    void a_column_list_is_refused_before_15() {
        Topology topology = oneWay(p -> p.table("test", List.of("id")), s -> {});

        refused(topology, 14, publicationUses("a column list", 14, 15));
        accepted(topology, 15);
    }

    @Test
    void a_row_filter_is_refused_before_15() {
        Topology topology = oneWay(p -> p.tableWhere("test", "id > 1"), s -> {});

        refused(topology, 13, publicationUses("a row filter", 13, 15));
        accepted(topology, 15);
    }

    @Test
    void a_publication_of_a_schema_is_refused_before_15() {
        Topology topology = oneWay(p -> p.tablesInSchema("app"), s -> {});

        refused(topology, 13, publicationUses("FOR TABLES IN SCHEMA", 13, 15));
        accepted(topology, 15);
    }

    @Test
    void publishing_by_the_partition_root_is_refused_before_13() {
        Topology topology = oneWay(p -> p.tables("test").viaPartitionRoot(), s -> {});

        refused(topology, 12, publicationUses("publish_via_partition_root", 12, 13));
        accepted(topology, 13);
    }

    @Test
    void publishing_generated_columns_is_refused_before_18() {
        Topology topology = oneWay(p -> p.tables("test").generatedColumns(GeneratedColumns.STORED), s -> {});

        refused(topology, 17, publicationUses("publish_generated_columns", 17, 18));
        accepted(topology, 18);
        accepted(oneWay(p -> p.tables("test").generatedColumns(GeneratedColumns.NONE), s -> {}), 10);
    }

    @Test
    void a_publication_that_no_subscriber_could_name_is_refused_before_14() {
        Topology topology = Topology.named("name")
                .node("vm1", n -> n.publishes("a\\b", "test"))
                .build();

        refused(
                topology,
                13,
                "expected a publication's name on vm1 to have no backslash, with which no subscriber of PostgreSQL 13"
                        + " could name it, but was \"a\\b\"; choose another");
        accepted(topology, 14);
    }

    @Test
    void publishing_truncate_is_refused_before_11() {
        Topology topology = oneWay(p -> p.tables("test").publish(Operation.INSERT, Operation.TRUNCATE), s -> {});

        refused(topology, 10, publicationUses("publish = 'truncate'", 10, 11));
        accepted(topology, 11);
        accepted(oneWay(p -> p.tables("test").publish(Operation.INSERT), s -> {}), 10);
    }

    @Test
    void streaming_in_parallel_is_refused_before_16() {
        Topology topology = oneWay(p -> p.tables("test"), s -> s.with("streaming", "parallel"));

        refused(
                topology,
                14,
                "expected subscription \"sub\" on vm2 to use what PostgreSQL 14 has, but uses streaming = parallel,"
                        + " which came with 16; leave it out or run with -Dminicluster.postgres=16 or later");
        accepted(topology, 16);
        accepted(oneWay(p -> p.tables("test"), s -> s.with("streaming", "on")), 14);
    }

    @ParameterizedTest
    @CsvSource({
        "binary, true, 14",
        "streaming, on, 14",
        "two_phase, true, 15",
        "origin, none, 16",
        "failover, true, 17",
        "retain_dead_tuples, true, 19"
    })
    void what_a_publisher_has_to_do_is_refused_if_its_major_cannot_though_the_subscribers_can(
            String option, String value, int since) {
        Topology topology = fromOld(s -> s.with(option, value));

        assertThatThrownBy(() -> topology.requireSupportedBy(server -> server.equals("old") ? since - 1 : 19))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage("expected subscription \"sub\" on new to use what PostgreSQL " + (since - 1)
                        + " of its publisher old has, but uses option " + option + " = " + value + ", which came with "
                        + since + "; leave it out or give old postgres(\"" + since + "\") or later");
        assertThatCode(() -> topology.requireSupportedBy(server -> server.equals("old") ? since : 19))
                .doesNotThrowAnyException();
    }

    @Test
    void streaming_in_parallel_needs_a_publisher_of_16() {
        Topology topology = fromOld(s -> s.with("streaming", "parallel"));

        assertThatThrownBy(() -> topology.requireSupportedBy(server -> server.equals("old") ? 15 : 16))
                .hasMessage(
                        "expected subscription \"sub\" on new to use what PostgreSQL 15 of its publisher old has, but"
                                + " uses streaming = parallel, which came with 16; leave it out or give old postgres(\"16\") or"
                                + " later");
    }

    @Test
    void a_first_copy_that_would_bring_more_than_is_published_is_refused_before_15() {
        ToIntFunction<String> majors = server -> server.equals("new") ? 16 : 13;

        assertThatThrownBy(() ->
                        toOld(p -> p.tableWhere("test", "id > 1"), s -> {}).requireSupportedBy(majors))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage("expected subscription \"sub\" on old to copy what publication \"p\" on new publishes, but"
                        + " PostgreSQL 13 copies whole tables, whatever a row filter says; say .with(\"copy_data\","
                        + " \"false\"), or give old postgres(\"15\") or later");
        assertThatThrownBy(() ->
                        toOld(p -> p.table("test", List.of("id")), s -> {}).requireSupportedBy(majors))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage("expected subscription \"sub\" on old to copy what publication \"p\" on new publishes, but"
                        + " PostgreSQL 13 copies whole tables, whatever a column list says; say .with(\"copy_data\","
                        + " \"false\"), or give old postgres(\"15\") or later");
        assertThatCode(() -> toOld(p -> p.tableWhere("test", "id > 1"), s -> s.with("copy_data", "false"))
                        .requireSupportedBy(majors))
                .doesNotThrowAnyException();
        assertThatCode(() -> toOld(p -> p.tables("test"), s -> {}).requireSupportedBy(majors))
                .doesNotThrowAnyException();
    }

    private static Topology toOld(
            Consumer<Publication.Builder> publication, Consumer<Subscription.Builder> subscription) {
        return Topology.named("to old")
                .node("new", n -> n.publication("p", publication))
                .node(
                        "old",
                        n -> n.subscription("sub", s -> {
                            s.to("new", "p");
                            subscription.accept(s);
                        }))
                .build();
    }

    @Test
    void what_only_the_subscriber_does_may_come_from_any_publisher() {
        Topology topology = fromOld(s -> s.with("disable_on_error", "true")
                .with("run_as_owner", "true")
                .with("streaming", "off")
                .with("origin", "any"));

        assertThatCode(() -> topology.requireSupportedBy(server -> server.equals("old") ? 10 : 16))
                .doesNotThrowAnyException();
    }

    @Test
    void a_standby_has_the_major_of_whom_it_follows() {
        Topology topology = Topology.named("standby")
                .node("a")
                .standby("b")
                .postgres("16")
                .of("a")
                .build();

        assertThatThrownBy(() -> topology.requireSupportedBy(server -> server.equals("a") ? 13 : 16))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(
                        "expected standby b of a to run the major that a runs, whose files it has, but runs 16 and a"
                                + " runs 13; leave out its postgres(...), or say one of 13");
    }

    @Test
    void a_standby_runs_what_its_node_runs_if_nothing_else_is_said() {
        Topology topology = Topology.named("chain")
                .node("a", a -> a.postgres("16.15"))
                .node("other")
                .standby("b")
                .of("a")
                .standby("c")
                .postgres("16.14")
                .of("b")
                .build();

        assertThat(topology.names().stream().map(topology::postgresOf))
                .containsExactly(Optional.of("16.15"), Optional.empty(), Optional.of("16.15"), Optional.of("16.14"));
    }

    @Test
    void no_version_at_all_is_refused() {
        assertThatThrownBy(() ->
                        Topology.named("blank").node("a", a -> a.postgres(" ")).build())
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(
                        "expected postgres(...) of a to be a major such as 16, a version or an image's name, but was"
                                + " \" \"; leave it out for what the cluster runs");
    }

    private static Topology fromOld(Consumer<Subscription.Builder> options) {
        return Topology.named("upgrade")
                .node("old", old -> old.postgres("13").publishes("pub", "test"))
                .node("new", next -> next.subscription("sub", s -> options.accept(s.to("old", "pub"))))
                .build();
    }

    @Test
    void a_table_that_two_nodes_send_each_other_would_echo() {
        Topology topology = ring(p -> p.tables("test"), s -> {}, "vm1", "vm2");

        refused(topology, 13, echo("table \"test\"", "vm2 -> vm1 -> vm2", ON_13));
        refused(topology, 16, echo("table \"test\"", "vm2 -> vm1 -> vm2", ON_16));
    }

    @Test
    void a_table_that_goes_round_three_nodes_would_echo() {
        Topology topology = ring(p -> p.tables("test"), s -> {}, "vm1", "vm2", "vm3");

        refused(topology, 13, echo("table \"test\"", "vm3 -> vm1 -> vm2 -> vm3", ON_13));
    }

    @Test
    void publications_of_all_tables_would_echo() {
        Topology topology = ring(p -> p.allTables(), s -> {}, "vm1", "vm2");

        refused(topology, 13, echo("every table", "vm2 -> vm1 -> vm2", ON_13));
    }

    @Test
    void publications_of_a_schema_would_echo() {
        Topology topology = ring(p -> p.tablesInSchema("app"), s -> {}, "vm1", "vm2");

        refused(topology, 16, echo("every table of schema \"app\"", "vm2 -> vm1 -> vm2", ON_16));
    }

    @Test
    void a_schema_one_way_and_all_tables_the_other_would_echo() {
        Topology topology = Topology.named("mixed")
                .node(
                        "vm1",
                        n -> n.publication("p", p -> p.tablesInSchema("app")).subscribes("s1", "vm2", "p"))
                .node(
                        "vm2",
                        n -> n.publication("p", Publication.Builder::allTables).subscribes("s2", "vm1", "p"))
                .build();

        refused(topology, 16, echo("every table of schema \"app\"", "vm2 -> vm1 -> vm2", ON_16));
    }

    @Test
    void a_listed_table_one_way_and_its_schema_the_other_would_echo() {
        Topology topology = Topology.named("mixed")
                .node("vm1", n -> n.publishes("p", "app.test").subscribes("s1", "vm2", "p"))
                .node(
                        "vm2",
                        n -> n.publication("p", p -> p.tablesInSchema("app")).subscribes("s2", "vm1", "p"))
                .build();

        refused(topology, 16, echo("table \"app.test\"", "vm2 -> vm1 -> vm2", ON_16));
    }

    @Test
    void a_circle_that_is_not_the_first_thing_on_its_way_is_found() {
        Topology topology = Topology.named("lasso")
                .node("vm1", n -> n.publishes("p", "test"))
                .node(
                        "vm2",
                        n -> n.publishes("p", "test")
                                .subscribes("s1", "vm1", "p")
                                .subscribes("s2", "vm3", "p"))
                .node("vm3", n -> n.publishes("p", "test").subscribes("s3", "vm2", "p"))
                .build();

        refused(topology, 13, echo("table \"test\"", "vm3 -> vm2 -> vm3", ON_13));
    }

    @Test
    void with_origin_none_both_ways_nothing_echoes() {
        Topology topology = ring(p -> p.tables("test"), s -> s.with("origin", "none"), "vm1", "vm2");

        accepted(topology, 16);
        refused(
                topology,
                13,
                "expected subscription \"from_vm2\" on vm1 to use what PostgreSQL 13 has, but uses option origin, which"
                        + " came with 16; leave it out or run with -Dminicluster.postgres=16 or later");
    }

    /** A row of vm1 reaches vm2 as one of vm1's own, and from there nothing holds it back. */
    @Test
    void with_origin_none_one_way_only_the_rows_of_its_publisher_would_still_echo() {
        Topology topology = Topology.named("half")
                .node("vm1", n -> n.publishes("p", "test").subscribes("s1", "vm2", "p"))
                .node(
                        "vm2",
                        n -> n.publishes("p", "test")
                                .subscription("s2", s -> s.to("vm1", "p").with("origin", "none")))
                .build();

        refused(topology, 16, echo("table \"test\"", "vm1 -> vm2 -> vm1", ON_16));
    }

    @Test
    void who_wants_to_see_the_echo_may() {
        Topology.Builder builder = Topology.named("echo").allowEcho();
        builder.node("vm1", n -> n.publishes("p", "test").subscribes("s1", "vm2", "p"))
                .node("vm2", n -> n.publishes("p", "test").subscribes("s2", "vm1", "p"));

        accepted(builder.build(), 13);
    }

    private static Topology oneWay(Consumer<Publication.Builder> publication, Consumer<Subscription.Builder> options) {
        return Topology.named("one way")
                .node("vm1", n -> n.publication("pub", publication))
                .node(
                        "vm2",
                        n -> n.subscription("sub", s -> {
                            s.to("vm1", "pub");
                            options.accept(s);
                        }))
                .build();
    }

    /** Each node subscribes to the one before it, and the first to the last. */
    private static Topology ring(
            Consumer<Publication.Builder> publication, Consumer<Subscription.Builder> options, String... nodes) {
        Topology.Builder ring = Topology.named("ring");
        for (int i = 0; i < nodes.length; i++) {
            String before = nodes[(i + nodes.length - 1) % nodes.length];
            ring.node(
                    nodes[i],
                    n -> n.publication("pub", publication).subscription("from_" + before, s -> {
                        s.to(before, "pub");
                        options.accept(s);
                    }));
        }
        return ring.build();
    }

    private static String publicationUses(String feature, int major, int since) {
        return "expected publication \"pub\" on vm1 to use what PostgreSQL " + major + " has, but uses " + feature
                + ", which came with " + since + "; leave it out or run with -Dminicluster.postgres=" + since
                + " or later";
    }

    private static String echo(String what, String circle, String advice) {
        return "expected " + what + " to travel one way, but goes round " + circle
                + " and each row would come back to where it was written;" + advice;
    }

    private static void refused(Topology topology, int major, String message) {
        assertThatThrownBy(() -> topology.requireSupportedBy(major))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(message);
    }

    private static void accepted(Topology topology, int major) {
        assertThatCode(() -> topology.requireSupportedBy(major)).doesNotThrowAnyException();
    }
}
