package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgminicluster.history.KeyedTable.Column;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.InvalidTopologyException;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.Publication.GeneratedColumns;
import org.pgminicluster.topology.Publication.Operation;
import org.pgminicluster.topology.TableName;
import org.pgminicluster.topology.Topology;

/** What is written where, and which way it goes, as far as that can be said before a server runs. */
class RoutesTest {

    /** Each as {@code ledger: tables -> copies}. */
    private static Stream<String> routes(Topology topology) {
        return Routes.of(topology).routes().stream()
                .map(route -> route.ledger().id() + ": " + route.tables() + " -> " + route.copies());
    }

    @Test
    void the_homework_has_two_writers_and_each_is_copied_twice() {
        assertThat(routes(HomeworkTopology.create()))
                .containsExactly("vm1: [test] -> [vm2, vm3]", "vm2: [test2] -> [vm1, vm3]");
    }

    @Test
    void what_is_passed_on_is_written_where_it_comes_from() {
        assertThat(routes(OwnTopologies.chain())).containsExactly("head: [item] -> [middle, tail]");
    }

    @Test
    void rows_of_several_writers_may_meet_in_one_table() {
        assertThat(routes(OwnTopologies.star()))
                .containsExactly(
                        "office: [price] -> [north, south]", "north: [sale] -> [office]", "south: [sale] -> [office]");
    }

    @Test
    void another_database_is_a_place_of_its_own_and_what_no_list_has_is_known_only_to_the_catalogs() {
        assertThat(routes(OwnTopologies.twoDatabases()))
                .containsExactly("left: [item] -> [right]", "right/log: [] -> [left/log]");
    }

    @Test
    void tables_that_go_different_ways_have_different_ledgers() {
        assertThat(routes(OwnTopologies.filtered()))
                .containsExactly("all: [client] -> [even, odd, odder]", "all.2: [audit] -> [even]");
    }

    @Test
    void a_table_that_all_write_and_receive_is_left_out_and_its_ledgers_go_both_ways() {
        Routes routes = Routes.of(OwnTopologies.bothWrite());

        assertThat(routes(OwnTopologies.bothWrite())).containsExactly("east: [note] -> [west]", "west: [] -> [east]");
        routes.routes();
        assertThat(routes.leftOut())
                .containsOnly(
                        entry(TableName.of("item"), "is written on several nodes that receive it from each other"));
    }

    @Test
    void a_subscription_that_is_not_enabled_brings_nothing() {
        Topology topology = Topology.named("half")
                .node("a", a -> a.publishes("p", "t"))
                .node("b", b -> b.subscribes("s", "a", "p"))
                .node("c", c -> c.subscription("s2", s -> s.to("a", "p").with("enabled", "false")))
                .build();

        assertThat(routes(topology)).containsExactly("a: [t] -> [b]");
    }

    @Test
    void without_anything_that_is_published_and_copied_there_is_no_history() {
        Topology alone = Topology.named("alone")
                .node("a", a -> a.publishes("p", "t"))
                .node("b")
                .build();

        assertThatThrownBy(() -> Routes.of(alone))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(
                        "expected topology \"alone\" to have a table that one node publishes and another one"
                                + " subscribes to, but has none; publish one where it is written, neither guarded nor received");
    }

    @Test
    void no_ledger_can_travel_without_inserts() {
        Topology topology = Topology.named("updates")
                .node("a", a -> a.publication("p", p -> p.tables("t").publish(Operation.UPDATE, Operation.DELETE)))
                .node("b", b -> b.subscribes("s", "a", "p"))
                .build();

        assertThatThrownBy(() -> Routes.of(topology))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(
                        "expected publication \"p\" on a to publish inserts, without which no ledger can travel with"
                                + " its tables, but publishes update, delete; let it publish inserts, too");
    }

    @Test
    void what_comes_twice_would_be_there_twice() {
        Topology topology = Topology.named("twice")
                .node("a", a -> a.publishes("p", "t").publishes("q", "t"))
                .node("b", b -> b.subscribes("s", "a", "p").subscribes("r", "a", "q"))
                .build();

        assertThatThrownBy(() -> Routes.of(topology))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(
                        "expected what is written on a to come to b by one subscription, so that nothing comes twice,"
                                + " but comes by \"s\" and by \"r\"; let one of them follow other publications");
    }

    @Test
    void what_is_compared_is_what_no_publication_on_the_way_leaves_out() {
        Route route = Routes.of(OwnTopologies.filtered()).routes().get(0);
        KeyedTable client = table("client", List.of(), "id", "region", "name", "secret");

        assertThat(views(route, client))
                .containsExactly(
                        "even: id, region, name WHERE ((id % 2 = 0))",
                        "odd: id, region, name, secret WHERE ((id % 2 = 1))",
                        "odder: id, region, name, secret WHERE ((id % 2 = 1))");
        assertThat(route.view(client, route.origin())).hasToString("id, region, name, secret");
    }

    private static KeyedTable table(String name, List<String> stored, String... columns) {
        List<Column> all = Stream.of(columns)
                .map(column -> new Column(column, "", false, false))
                .toList();
        return new KeyedTable(TableName.of(name), all, stored, List.of("id"), Set.of(), false);
    }

    private static Stream<String> views(Route route, KeyedTable table) {
        return route.copies().stream().map(place -> place + ": " + route.view(table, place));
    }

    private static Topology generated(Consumer<Publication.Builder> published) {
        return Topology.named("generated")
                .node("a", a -> a.publication("p", published))
                .node("b", b -> b.subscribes("s", "a", "p").publishes("on", "t"))
                .node("c", c -> c.subscribes("s2", "b", "on"))
                .build();
    }

    @Test
    void a_stored_generated_column_is_compared_where_it_is_published_and_passed_on_like_others() {
        KeyedTable table = table("t", List.of("twice"), "id", "name");

        assertThat(views(route(p -> p.tables("t").generatedColumns(GeneratedColumns.STORED)), table))
                .containsExactly("b: id, name, twice", "c: id, name, twice");
        assertThat(views(route(p -> p.tables("t")), table)).containsExactly("b: id, name", "c: id, name");
        assertThat(views(route(p -> p.table("t", List.of("id", "twice"))), table))
                .containsExactly("b: id, twice", "c: id, twice");
        assertThat(views(
                        route(p -> p.table("t", List.of("id", "name")).generatedColumns(GeneratedColumns.STORED)),
                        table))
                .containsExactly("b: id, name", "c: id, name");
    }

    private static Route route(Consumer<Publication.Builder> published) {
        return Routes.of(generated(published)).routes().get(0);
    }
}
