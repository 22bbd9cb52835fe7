package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.InvalidTopologyException;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.SqlScript;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.TableName;
import org.pgminicluster.topology.Topology;

/** How ledgers are added to a topology, and what is left as it was. */
class HistoryTopologyTest {

    static Stream<Topology> topologies() {
        return Stream.of(
                HomeworkTopology.create(),
                HomeworkTopology.withGuardedStandby(),
                OwnTopologies.chain(),
                OwnTopologies.star(),
                OwnTopologies.twoDatabases(),
                OwnTopologies.filtered(),
                OwnTopologies.bothWrite(),
                OwnTopologies.standbys());
    }

    private static DatabaseSpec database(HistoryTopology history, String node, String database) {
        return history.topology().node(node).database(database).orElseThrow();
    }

    @Test
    void a_subscription_to_a_standby_is_refused() {
        Topology relieved = Topology.named("relieved")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node("vm1", n -> n.publishes("items", "item"))
                .node("vm3", n -> n.subscribes("copy", "vm2", "items"))
                .standby("vm2")
                .of("vm1")
                .build();

        assertThatThrownBy(() -> HistoryTopology.of(relieved, Profile.FAULTS))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(
                        "expected every subscription of topology \"relieved\" to follow a node in a history, but one"
                                + " follows vm2, a standby; follow vm1 instead");
    }

    @ParameterizedTest
    @MethodSource("topologies")
    void what_the_topology_says_itself_is_still_said(Topology user) {
        Topology with = HistoryTopology.of(user, Profile.FAULTS).topology();

        assertThat(with.names()).isEqualTo(user.names());
        assertThat(with.standbys()).isEqualTo(user.standbys());
        for (NodeSpec node : user.nodes()) {
            assertThat(with.node(node.name()).settings()).containsAllEntriesOf(node.settings());
            for (DatabaseSpec before : node.databases()) {
                DatabaseSpec after =
                        with.node(node.name()).database(before.name()).orElseThrow();
                assertThat(after.subscriptions()).isEqualTo(before.subscriptions());
                assertThat(after.seed()).isEqualTo(before.seed());
                assertThat(after.owns()).isEqualTo(before.owns());
                assertThat(after.readOnly()).startsWith(before.readOnly().toArray(new TableName[0]));
                assertThat(after.schema()).startsWith(before.schema().toArray(new SqlScript[0]));
                before.publications()
                        .forEach(publication -> assertThat(after.publication(publication.name())
                                        .orElseThrow()
                                        .tables())
                                .startsWith(publication.tables().toArray(new Publication.Table[0])));
            }
        }
    }

    @Test
    void a_ledger_is_listed_with_the_tables_that_it_travels_with_and_guarded_where_they_are() {
        HistoryTopology history = HistoryTopology.of(OwnTopologies.chain(), Profile.FAULTS);

        assertThat(database(history, "head", "rep").publications().get(0).tables())
                .extracting(table -> table.name().toString())
                .containsExactly("item", "history_1_counter", "history_1_canary");
        assertThat(database(history, "middle", "rep").publications().get(0).tables())
                .extracting(table -> table.name().toString())
                .containsExactly("item", "history_1_counter", "history_1_canary");
        assertThat(database(history, "tail", "rep").readOnly())
                .extracting(Object::toString)
                .containsExactly("item", "history_1_counter", "history_1_canary");
        assertThat(database(history, "head", "rep").readOnly()).isEmpty();
    }

    @Test
    void a_publication_that_lists_no_tables_has_the_ledger_by_itself() {
        HistoryTopology history = HistoryTopology.of(OwnTopologies.twoDatabases(), Profile.FAULTS);

        assertThat(database(history, "right", "log").publications().get(0).tables())
                .isEmpty();
        assertThat(schema(database(history, "right", "log"))).contains("history_2_counter");
        assertThat(schema(database(history, "left", "log"))).contains("history_2_counter");
        assertThat(schema(database(history, "right", "shop"))).doesNotContain("history_2");
    }

    private static String schema(DatabaseSpec database) {
        return database.schema().stream().map(SqlScript::sql).collect(Collectors.joining());
    }

    @Test
    void the_counter_row_is_copied_or_else_put_in() {
        String put = "INSERT INTO public.history_1_counter";

        HistoryTopology copied = HistoryTopology.of(OwnTopologies.chain(), Profile.FAULTS);
        assertThat(schema(database(copied, "head", "rep"))).contains(put);
        assertThat(schema(database(copied, "middle", "rep"))).doesNotContain(put);

        HistoryTopology empty =
                HistoryTopology.of(HomeworkVariant.of(Profile.FAULTS).create(), Profile.FAULTS);
        assertThat(schema(database(empty, "vm2", "rep"))).contains(put);
    }

    @Test
    void durable_histories_apply_synchronously_unless_the_topology_says_otherwise() {
        Topology topology = Topology.named("one")
                .node("a", a -> a.publishes("p", "t"))
                .node("b", b -> b.subscribes("said_nothing", "a", "p"))
                .node("c", c -> c.subscription("said_off", s -> s.to("a", "p").synchronousCommit("off")))
                .build();

        HistoryTopology history = HistoryTopology.of(topology, Profile.DURABLE);

        assertThat(history.feeds())
                .extracting(feed -> feed.subscription() + " " + feed.durable())
                .containsExactly("said_nothing true", "said_off false");
        assertThat(HistoryTopology.of(topology, Profile.FAULTS).feeds()).noneMatch(Feed::durable);
        assertThat(database(history, "c", "rep").subscriptions())
                .extracting(Subscription::name)
                .containsExactly("said_off");
    }

    @Test
    void who_passes_on_is_waited_for_first() {
        Topology backwards = Topology.named("backwards")
                .node("tail", tail -> tail.subscribes("last", "middle", "on"))
                .node("middle", middle -> middle.publishes("on", "t").subscribes("first", "head", "p"))
                .node("head", head -> head.publishes("p", "t"))
                .build();

        assertThat(HistoryTopology.of(backwards, Profile.FAULTS).feeds())
                .extracting(Feed::subscription)
                .containsExactly("first", "last");
    }

    @Test
    void a_standby_has_all_that_its_primary_writes_and_receives() {
        HistoryTopology history = HistoryTopology.of(OwnTopologies.standbys(), Profile.STANDBY);

        assertThat(history.copies())
                .extracting(copy -> copy.ledger().id() + " on " + copy.place())
                .containsExactly(
                        "writer on reader", "writer on writer-copy", "writer on reader-copy", "writer on third-copy");
        Succession succession = new Succession();
        Plan.PlannedFailover failover =
                new Plan.PlannedFailover(Plan.How.KILL, "reader", "reader-copy", "writer", 1, 100);
        assertThat(history.takenOver(failover, succession))
                .extracting(feed -> feed.slot() + " for " + feed.subscriber())
                .containsExactly("failover_reader__copy_reader_items for reader-copy");
    }

    @Test
    void a_standby_that_is_to_take_over_must_be_there() {
        assertThatThrownBy(() -> HistoryTopology.of(OwnTopologies.chain(), Profile.STANDBY))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessage(
                        "expected topology \"chain\" to have a standby that can take over from a node that subscribes"
                                + " and publishes nothing, but has none; choose another profile, or add"
                                + " .standby(\"standby\").guarded().of(\"copy\")");
    }

    @Test
    void the_first_writer_waits_for_the_last_who_follows_it() {
        assertThat(HistoryTopology.of(HomeworkTopology.create(), Profile.WAITING)
                        .waiting())
                .isEqualTo(new Waiting("vm1", "vm3", "vm3_test_sub"));
        assertThat(HistoryTopology.of(HomeworkTopology.create(), Profile.FAULTS).waiting())
                .isNull();
        Topology waitsAlready = Topology.named("waits")
                .node("a", a -> a.publishes("p", "t").setting("synchronous_standby_names", "s"))
                .node("b", b -> b.subscribes("s", "a", "p"))
                .build();
        assertThat(HistoryTopology.of(waitsAlready, Profile.WAITING).waiting()).isNull();
    }

    @Test
    void what_may_be_aimed_at_is_what_is_there() {
        PlanTargets targets = PlanTargets.of(HistoryTopology.of(OwnTopologies.standbys(), Profile.FAULTS));

        assertThat(targets.nodes()).containsExactly("writer", "reader", "writer-copy", "reader-copy", "third-copy");
        assertThat(targets.links())
                .containsExactly(
                        new PlanTargets.Wire("writer", "reader", false),
                        new PlanTargets.Wire("writer", "writer-copy", true),
                        new PlanTargets.Wire("reader", "reader-copy", true),
                        new PlanTargets.Wire("reader-copy", "third-copy", true));
        assertThat(targets.writers())
                .containsExactly(new PlanTargets.Writing(
                        "writer", "writer", List.of("reader", "writer-copy", "reader-copy", "third-copy")));
        assertThat(PlanTargets.of(HistoryTopology.of(OwnTopologies.star(), Profile.FAULTS))
                        .writers())
                .extracting(PlanTargets.Writing::readOnly)
                .containsExactly(List.of("north", "south"), List.of(), List.of());
    }
}
