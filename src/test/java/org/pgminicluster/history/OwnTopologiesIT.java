package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HistoryEvent.Outcome;
import org.pgminicluster.history.HistoryEvent.TableRows;
import org.pgminicluster.history.HistoryEvent.Wrote;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;
import org.pgminicluster.wait.Seen;

/** Histories of topologies that are not the homework, and of such to which somebody does something. */
@Order(2)
@Execution(ExecutionMode.CONCURRENT)
class OwnTopologiesIT {

    private static final int WRITES = 60;

    private static Histories histories(Topology topology) {
        return Histories.of(topology).writes(WRITES);
    }

    /** The topology's tables whose rows were looked at in the end, each at a place. */
    private static List<String> compared(HistoryResult result) {
        return result.history()
                .all(TableRows.class)
                .filter(rows -> !rows.table().startsWith("history_"))
                .map(rows -> rows.table() + " on " + rows.node())
                .distinct()
                .toList();
    }

    /** Of every twenty histories that are asked for one for each of these, so by night. */
    static Stream<Named<Histories>> unseen() {
        long first = Long.getLong("minicluster.seed", 1);
        long count = Long.getLong("minicluster.histories", 0) / 20;
        return Stream.of(OwnTopologies.chain(), OwnTopologies.star(), OwnTopologies.twoDatabases())
                .flatMap(topology -> LongStream.range(first, first + count)
                        .mapToObj(seed -> Named.of(
                                topology.name() + ", seed " + seed,
                                Histories.of(topology).seeds(seed))));
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("unseen")
    void a_history_that_nobody_has_seen_violates_no_invariant(Histories history) {
        assertThat(history.run()).hasSize(1);
    }

    @Test
    void a_chain_loses_nothing_on_its_way() {
        List<HistoryResult> results =
                histories(OwnTopologies.chain()).seeds(4, 5).run();

        assertThat(results).extracting(HistoryResult::profile).containsExactly(Profile.SWIZZLE, Profile.WAITING);
        assertThat(results).allSatisfy(result -> {
            assertThat(result.leftOut()).isEmpty();
            assertThat(compared(result)).containsExactly("item on head", "item on middle", "item on tail");
        });
    }

    @Test
    void a_star_has_in_its_middle_what_all_branches_have_written() {
        HistoryResult result = histories(OwnTopologies.star()).seeds(1).run().get(0);

        assertThat(result.leftOut()).isEmpty();
        assertThat(compared(result))
                .containsExactlyInAnyOrder(
                        "price on office",
                        "price on north",
                        "price on south",
                        "sale on north",
                        "sale on south",
                        "sale on office");
    }

    @Test
    void two_databases_of_a_node_go_different_ways() {
        HistoryResult result =
                histories(OwnTopologies.twoDatabases()).seeds(3).run().get(0);

        assertThat(result.leftOut()).isEmpty();
        assertThat(compared(result))
                .containsExactlyInAnyOrder("item on left", "item on right", "line on right/log", "line on left/log");
    }

    @Test
    @RequiresPostgres(min = 12, because = "standby.signal and pg_promote() came with 12")
    void a_guarded_standby_takes_over_and_those_that_follow_it_and_the_writer_do_so_to_the_end() {
        HistoryResult result =
                histories(OwnTopologies.standbys()).seeds(2).run().get(0);

        assertThat(result.profile()).isEqualTo(Profile.STANDBY);
        assertThat(result.history().all(HistoryEvent.FailedOver.class))
                .extracting(HistoryEvent.FailedOver::to)
                .containsExactly("reader-copy");
        assertThat(compared(result))
                .containsExactlyInAnyOrder(
                        "item on writer", "item on writer-copy", "item on reader-copy", "item on third-copy");
    }

    @Test
    @RequiresPostgres(min = 12, because = "generated columns came with 12")
    void rows_are_made_up_of_every_usual_type_and_tables_that_take_none_are_named() {
        HistoryResult result = histories(OwnTopologies.types())
                .profile(Profile.CALM)
                .writes(40)
                .run()
                .get(0);

        assertThat(result.leftOut())
                .containsExactly(
                        "sales.needs_customer takes no made-up rows: ERROR: insert or update on table \"needs_customer\""
                                + " violates foreign key constraint \"needs_customer_customer_fkey\"",
                        "sales.even takes no made-up rows: ERROR: new row for relation \"even\" violates check constraint"
                                + " \"even_id_check\"",
                        "sales.area column shape is polygon, of which nothing can be made up");
        assertThat(result.history().all(Wrote.class).filter(wrote -> wrote.outcome() == Outcome.FAILED))
                .isEmpty();
        assertThat(compared(result))
                .contains(
                        "sales.every type on copy",
                        "sales.customer on copy",
                        "sales.ordered on copy",
                        "sales.log on copy");
    }

    @Test
    @RequiresPostgres(min = 15, because = "row filters and column lists came with 15")
    void what_a_publication_leaves_out_is_not_missed() {
        HistoryResult result =
                histories(OwnTopologies.filtered()).seeds(3).run().get(0);

        assertThat(compared(result))
                .containsExactlyInAnyOrder(
                        "client on all",
                        "client on even",
                        "client on odd",
                        "client on odder",
                        "audit on all",
                        "audit on even");
    }

    @Test
    void a_row_that_comes_twice_is_named_though_no_key_of_the_copy_keeps_it_out() {
        HistoryResult result = failed(histories(OwnTopologies.withoutKey(""))
                .profile(Profile.CALM)
                .sabotage(OwnTopologiesIT::repeatARow)
                .withoutShrinking());

        assertThat(result.verdict().violated()).as(result.toString()).contains(Invariant.I3);
        assertThat(result.toString()).contains("item on copy has more than once: key ");
    }

    private static void repeatARow(MiniCluster cluster) {
        try (Session session = cluster.node("copy").session()) {
            session.execute("SET session_replication_role = replica");
            session.execute("INSERT INTO item SELECT * FROM item ORDER BY id DESC LIMIT 1");
        }
    }

    @Test
    void a_table_of_which_a_copy_has_a_row_twice_already_is_left_out() {
        HistoryResult result = histories(OwnTopologies.withoutKey("INSERT INTO item VALUES (1, 'one')"))
                .profile(Profile.CALM)
                .named("twice-already")
                .writes(20)
                .run()
                .get(0);

        assertThat(result.leftOut())
                .containsExactly("item has other rows on copy than on shop before the history begins");
    }

    @Test
    @RequiresPostgres(min = 18, because = "publish_generated_columns came with 18")
    void a_generated_column_that_is_published_is_compared_and_missed_where_it_is_another() {
        Histories calm = histories(OwnTopologies.generated()).profile(Profile.CALM);
        HistoryResult result = calm.run().get(0);

        assertThat(result.history()
                        .all(TableRows.class)
                        .filter(rows -> rows.table().equals("item")))
                .extracting(rows -> rows.view() + " on " + rows.node())
                .containsExactly("id, net, gross on shop", "id, net, gross on copy");
        assertThat(failed(calm.named("generated-changed")
                                .sabotage(OwnTopologiesIT::computeOtherwise)
                                .withoutShrinking())
                        .verdict()
                        .violated())
                .contains(Invariant.I1);
    }

    private static void computeOtherwise(MiniCluster cluster) {
        cluster.node("copy")
                .execute(
                        "CREATE FUNCTION other() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.gross := 0; RETURN NEW; END $$");
        cluster.node("copy")
                .execute("CREATE TRIGGER other BEFORE INSERT OR UPDATE ON item FOR EACH ROW EXECUTE PROCEDURE other()");
        cluster.node("copy").execute("ALTER TABLE item ENABLE ALWAYS TRIGGER other");
    }

    @Test
    @RequiresPostgres(min = 16, because = "origin=none came with 16")
    void of_a_table_that_both_write_nothing_is_made_up_but_all_transactions_come() {
        HistoryResult result =
                histories(OwnTopologies.bothWrite()).seeds(3).run().get(0);

        assertThat(result.leftOut())
                .containsExactly("item is written on several nodes that receive it from each other");
        assertThat(compared(result)).containsExactly("note on east", "note on west");
        assertThat(result.history().all(HistoryEvent.Canaries.class)).hasSize(4);
    }

    private static HistoryResult failed(Histories histories) {
        return catchThrowableOfType(HistoryFailedError.class, histories::run).result();
    }

    @Test
    void rows_that_somebody_deletes_behind_the_guard_are_missed() {
        HistoryResult result = failed(histories(OwnTopologies.chain())
                .profile(Profile.CALM)
                .named("chain-deleted")
                .sabotage(OwnTopologiesIT::deleteBehindTheGuard)
                .withoutShrinking());

        assertThat(result.verdict().violated()).as(result.toString()).containsExactly(Invariant.I1);
        assertThat(result.toString())
                .startsWith("history of seed 1, profile CALM: FAILED [I1]")
                .contains("item on tail lacks rows, or has old ones: key ")
                .contains("replay its plan with: Histories.of(topology).plan(Path.of(\"" + result.planFile()
                        + "\")).run()")
                .doesNotContain("item on middle", "run again");
    }

    private static void deleteBehindTheGuard(MiniCluster cluster) {
        try (Session session = cluster.node("tail").session()) {
            session.execute("SET session_replication_role = replica");
            session.execute("DELETE FROM item");
        }
    }

    @Test
    void what_was_committed_while_a_slot_was_gone_is_missed() {
        HistoryResult result = failed(histories(OwnTopologies.twoDatabases())
                .profile(Profile.CALM)
                .named("two-databases-slot")
                .sabotage(OwnTopologiesIT::makeTheSlotAnew)
                .shrinkFor(Duration.ofSeconds(8)));

        assertThat(result.verdict().violated()).as(result.toString()).contains(Invariant.I1, Invariant.I4);
        assertThat(result.toString())
                .contains(" on left/log lacks what was acknowledged: transaction ")
                .doesNotContain(" on right lacks")
                .contains("\nrun again, it failed in ", "\nthe shortest plan that still fails, after ");
    }

    /** Between the old slot and the new one somebody has written. */
    private static void makeTheSlotAnew(MiniCluster cluster) {
        Node left = cluster.node("left").in("log");
        Node right = cluster.node("right").in("log");
        left.execute("ALTER SUBSCRIPTION left_lines DISABLE");
        left.execute("ALTER SUBSCRIPTION left_lines SET (slot_name = NONE)");
        cluster.await("the slot to be let go", () -> {
            Rows active = right.query("SELECT active FROM pg_replication_slots WHERE slot_name = 'left_lines'");
            return Seen.of("f".equals(active.value()), "active is " + active.value());
        });
        right.query("SELECT pg_drop_replication_slot('left_lines')");
        right.execute("UPDATE history_2_counter SET n = n");
        right.query("SELECT pg_create_logical_replication_slot('left_lines', 'pgoutput')");
        left.execute("ALTER SUBSCRIPTION left_lines SET (slot_name = left_lines)");
        left.execute("ALTER SUBSCRIPTION left_lines ENABLE");
    }

    @Test
    void the_results_can_be_had_without_an_error_and_a_plan_from_its_file() {
        Histories histories =
                histories(OwnTopologies.chain()).named("chain-plan").writes(10);
        HistoryResult first = histories.seeds(1).profile(Profile.CALM).results().get(0);

        HistoryResult again =
                histories.named("chain-plan-again").plan(first.planFile()).run().get(0);

        assertThat(first.isPassed()).isTrue();
        assertThat(again.plan()).isEqualTo(first.plan());
        assertThat(again.directory()).isNotEqualTo(first.directory());
    }
}
