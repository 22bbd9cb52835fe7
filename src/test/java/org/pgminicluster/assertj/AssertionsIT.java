package org.pgminicluster.assertj;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.time.Duration;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.Shared;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.state.SyncState;
import org.pgminicluster.topology.Topology;
import org.pgminicluster.wait.WaitFailedException;

/** Each assertion holds where it should, and where it does not it says what differs the way a person would. */
@MiniClusterTest
@Shared
@TopologyFrom("SHOP")
class AssertionsIT {

    private static final Duration SHORT = Duration.ofMillis(200);

    /** Both have {@code item}, which is replicated, and {@code note}, which each writes for itself. */
    static final Topology SHOP = Topology.named("shop")
            .schema("CREATE TABLE item (id integer PRIMARY KEY, name text);"
                    + " CREATE TABLE note (id integer, text text);"
                    + " CREATE TABLE many (id integer)")
            .node("till", n -> n.publishes("items", "item"))
            .node("copy", n -> n.readOnly("item").subscribes("items_copy", "till", "items"))
            .build();

    @BeforeAll
    static void fill(MiniCluster cluster, Node till, Node copy) {
        till.execute("INSERT INTO item VALUES (1, 'tea'), (2, NULL)");
        till.execute("INSERT INTO note VALUES (1, 'both'), (2, 'till'), (2, 'till')");
        copy.execute("INSERT INTO note VALUES (1, 'both'), (3, 'copy')");
        till.execute("INSERT INTO many SELECT generate_series(1, 12)");
        copy.execute("CREATE SUBSCRIPTION asleep CONNECTION 'host=nowhere' PUBLICATION items"
                + " WITH (connect = false, slot_name = NONE)");
        cluster.awaitReplicated();
    }

    static String messageOf(ThrowingCallable claim) {
        AssertionError error = catchThrowableOfType(AssertionError.class, claim);
        Assertions.assertThat(error).as("the claim").isNotNull();
        return String.valueOf(error.getMessage()).replaceAll("\\d+ bytes? behind", "N bytes behind");
    }

    /** Without the evidence, which the cause has. */
    private static String waitMessageOf(ThrowingCallable claim) {
        AssertionError error = catchThrowableOfType(AssertionError.class, claim);
        Assertions.assertThat(error).as("the claim").isNotNull().hasCauseInstanceOf(WaitFailedException.class);
        Assertions.assertThat(error.getCause()).hasMessageContaining("\n\n=== cluster shop\n--- till: running");
        return String.valueOf(error.getMessage());
    }

    static void said(String actual, String... lines) {
        Assertions.assertThat(actual).isEqualTo(String.join("\n", lines));
    }

    @Test
    void rows(Node till) {
        assertThat(till).table("note").hasRows(row(2, "till"), row(1, "both"), row(2, "till"));
        said(
                messageOf(() -> assertThat(till).table("note").hasRows(row(1, "both"), row(2, "till"), row(4, null))),
                "expected table note on till to have exactly the rows",
                "    (1, both)",
                "    (2, till)",
                "    (4, NULL)",
                "but it had",
                "    (1, both)",
                "    (2, till)",
                "    (2, till)",
                "missing:",
                "    (4, NULL)",
                "not expected:",
                "    (2, till)");
    }

    @Test
    void a_null_is_not_the_text_null(Node till) {
        said(
                messageOf(() -> assertThat(till).table("item").hasRows(row(1, "tea"), row(2, ""))),
                "expected table item on till to have exactly the rows",
                "    (1, tea)",
                "    (2, )",
                "but it had",
                "    (1, tea)",
                "    (2, NULL)",
                "missing:",
                "    (2, )",
                "not expected:",
                "    (2, NULL)");
    }

    @Test
    void contained_rows(Node till) {
        assertThat(till).table("note").containsRows(row(2, "till"));
        said(
                messageOf(() -> assertThat(till).table("note").containsRows(row(1, "both"), row(5, "none"))),
                "expected table note on till to contain the rows",
                "    (1, both)",
                "    (5, none)",
                "but it had",
                "    (1, both)",
                "    (2, till)",
                "    (2, till)",
                "missing:",
                "    (5, none)");
    }

    @Test
    void unwanted_rows(Node till) {
        assertThat(till).table("note").doesNotContainRows(row(3, "copy"));
        said(
                messageOf(() -> assertThat(till).table("note").doesNotContainRows(row(1, "both"), row(3, "copy"))),
                "expected table note on till to contain none of the rows",
                "    (1, both)",
                "    (3, copy)",
                "but it had",
                "    (1, both)");
    }

    @Test
    void many_rows_are_shown_in_part(Node till) {
        Row[] first = IntStream.rangeClosed(1, 11).mapToObj(id -> row(id)).toArray(Row[]::new);
        String shown = "\n    (" + String.join(")\n    (", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10") + ")";
        said(
                messageOf(() -> assertThat(till).table("many").hasRows(first)),
                "expected table many on till to have exactly the rows" + shown,
                "    and 1 more",
                "but it had" + shown,
                "    and 2 more",
                "not expected:",
                "    (12)");
    }

    @Test
    void emptiness(Node till, Node copy) {
        assertThat(copy).table("many").isEmpty();
        said(
                messageOf(() -> assertThat(till).table("item").isEmpty()),
                "expected table item on till to be empty",
                "but it had 2 rows",
                "    (1, tea)",
                "    (2, NULL)");
    }

    @Test
    void count(Node till) {
        assertThat(till).table("many").hasCount(12);
        said(
                messageOf(() -> assertThat(till).table("many").hasCount(1)),
                "expected table many on till to have 1 row",
                "but it had 12");
    }

    @Test
    void the_result_of_a_query(Node till) {
        assertThat(till)
                .query("SELECT id FROM item WHERE id < ?", 2)
                .hasValue(1)
                .hasRows(row(1));
        assertThat(till).query("SELECT id FROM item WHERE id > 5").isEmpty();
        said(
                messageOf(() -> assertThat(till).query("SELECT * FROM item").hasRows(row(1, "tea"), row(3, "milk"))),
                "expected till to return for",
                "    SELECT * FROM item",
                "exactly the rows",
                "    (1, tea)",
                "    (3, milk)",
                "but it returned",
                "    (1, tea)",
                "    (2, NULL)",
                "missing:",
                "    (3, milk)",
                "not expected:",
                "    (2, NULL)");
    }

    @Test
    void the_result_of_a_query_that_is_waited_for(Node till, Node copy) {
        assertThat(copy)
                .query("SELECT name FROM item WHERE id = ?", 1)
                .eventually()
                .hasValue("tea")
                .hasRows(row("tea"));
        said(
                waitMessageOf(() -> assertThat(till)
                        .query("SELECT id FROM item WHERE id > ?", 1)
                        .eventually(SHORT)
                        .isEmpty()),
                "waited for till to return for",
                "    SELECT id FROM item WHERE id > ?",
                "exactly the rows",
                "    none, not within 0.2 s",
                "last seen: it returned",
                "    (2)",
                "not expected:",
                "    (2)");
    }

    @Test
    void a_description_comes_first(MiniCluster cluster, Node till) {
        said(
                messageOf(() ->
                        assertThat(till).as("what %s sold", "Ann").table("many").hasCount(1)),
                "[what Ann sold] expected table many on till to have 1 row",
                "but it had 12");
        said(
                messageOf(() -> assertThat(till).table("many").as("sold").hasCount(1)),
                "[sold] expected table many on till to have 1 row",
                "but it had 12");
        Assertions.assertThat(waitMessageOf(() -> assertThat(cluster)
                        .as("notes")
                        .table("note")
                        .within(SHORT)
                        .convergesOn("till", "copy")))
                .startsWith("[notes] waited for table note to be equal on till, copy, not within 0.");
    }

    @Test
    void rows_that_are_waited_for(Node till, Node copy) {
        assertThat(copy).table("item").eventually().hasRows(row(1, "tea"), row(2, null));
        said(
                waitMessageOf(
                        () -> assertThat(till).table("note").eventually(SHORT).containsRows(row(9, "nine"))),
                "waited for table note on till to contain the rows",
                "    (9, nine), not within 0.2 s",
                "last seen: it had",
                "    (1, both)",
                "    (2, till)",
                "    (2, till)",
                "missing:",
                "    (9, nine)");
    }

    @Test
    void convergence(MiniCluster cluster) {
        assertThat(cluster).table("item").within(Duration.ofSeconds(20)).convergesOn("till", "copy");
        Assertions.assertThat(waitMessageOf(
                        () -> assertThat(cluster).table("note").within(SHORT).convergesOn("till", "copy")))
                .matches("waited for table note to be equal on till, copy, not within 0\\.\\d+ s\n"
                        + "last seen: copy has 2 rows of table note, till has 3;"
                        + " only on till: \\(2, till\\) \\(2, till\\); only on copy: \\(3, copy\\)");
    }

    @Test
    void equal_rows_now(MiniCluster cluster) {
        assertThat(cluster).table("item").convergesOn("till", "copy").hasEqualRowsOn("copy", "till");
        said(
                messageOf(() -> assertThat(cluster).table("note").hasEqualRowsOn("copy", "till")),
                "expected table note to have equal rows on copy, till",
                "but till has 3 rows of table note, copy has 2; only on copy: (3, copy); only on till: (2, till) (2, till)");
    }

    @Test
    void one_node_is_not_compared_with_itself(MiniCluster cluster) {
        assertThatThrownBy(() -> assertThat(cluster).table("item").convergesOn("till", "till"))
                .hasMessage(
                        "expected the nodes to be compared to be two or more, but was [till, till]; name the others,"
                                + " or look at one with assertThat(node)");
    }

    @Test
    void a_statement_that_is_carried_out_was_not_rejected(Node till) {
        said(
                messageOf(() -> assertThat(till).rejects("UPDATE item SET name = name WHERE false")),
                "expected till to refuse",
                "    UPDATE item SET name = name WHERE false",
                "but it was carried out");
        said(
                messageOf(() -> assertThat(till).rejectsCopy("COPY item FROM STDIN", "")),
                "expected till to refuse",
                "    COPY item FROM STDIN",
                "but it was carried out");
    }

    @Test
    void the_parts_of_a_refusal(Node till, Node copy) {
        assertThat(copy)
                .rejects("DELETE FROM item")
                .withMessage("Cannot modify table.")
                .withMessageContaining("modify")
                .withSqlState("25006")
                .withHint("Table item is a read-only copy on this node.");
        assertThat(till)
                .rejects("INSERT INTO item VALUES (?, 'milk')", 1)
                .withDetail("Key (id)=(1) already exists.")
                .withDetailContaining("(id)=(1)");
    }

    @Test
    void another_refusal_is_shown_whole(Node till, Node copy) {
        String[] guard = {
            "but it was",
            "    ERROR:  25006: Cannot modify table.",
            "    HINT:  Table item is a read-only copy on this node."
        };
        RejectionAssert refusal = assertThat(copy).rejects("DELETE FROM item");
        said(
                messageOf(() -> refusal.withMessage("No.")),
                "expected the refusal of copy to have the message\n    No.\n" + String.join("\n", guard));
        said(
                messageOf(() -> refusal.withMessageContaining("No.")),
                "expected the refusal of copy to have a message with\n    No.\n" + String.join("\n", guard));
        said(
                messageOf(() -> refusal.withSqlState("42501")),
                "expected the refusal of copy to have the SQLSTATE\n    42501\n" + String.join("\n", guard));
        said(
                messageOf(() -> refusal.withHint("Ask Ann.")),
                "expected the refusal of copy to have the hint\n    Ask Ann.\n" + String.join("\n", guard));
        said(
                messageOf(() -> refusal.withDetailContaining("Ann")),
                "expected the refusal of copy to have a detail with\n    Ann\n" + String.join("\n", guard));
        said(
                messageOf(() ->
                        assertThat(till).rejects("INSERT INTO item VALUES (1)").withDetail("None.")),
                "expected the refusal of till to have the detail",
                "    None.",
                "but it was",
                "    ERROR:  23505: duplicate key value violates unique constraint \"item_pkey\"",
                "    DETAIL:  Key (id)=(1) already exists.");
    }

    @Test
    void a_subscription_that_runs(Node copy) {
        SubscriptionAssert runs = assertThat(copy).subscription("items_copy");
        runs.eventually()
                .exists()
                .isEnabled()
                .hasWorker()
                .isSynced()
                .hasTable("item", SyncState.READY)
                .hasNoTable("note");

        SubscriptionAssert now = assertThat(copy).subscription("items_copy");
        String but = "but it is enabled, worker runs, tables: item ready (r)";
        said(messageOf(now::isDisabled), "expected subscription items_copy on copy to be disabled", but);
        said(messageOf(now::hasNoWorker), "expected subscription items_copy on copy to have no worker", but);
        said(
                messageOf(() -> now.hasTable("item", SyncState.DATA_COPY)),
                "expected subscription items_copy on copy to have table item in state data copy (d)",
                but);
        said(
                messageOf(() -> now.hasNoTable("item")),
                "expected subscription items_copy on copy to have no table item",
                but);
        said(
                messageOf(now::isAbsent),
                "expected subscription items_copy on copy to be absent",
                "but it is there: enabled, worker runs, tables: item ready (r)");
    }

    @Test
    void a_subscription_that_does_not_run(Node copy) {
        SubscriptionAssert asleep = assertThat(copy).subscription("asleep");
        asleep.exists().isDisabled().hasNoWorker().hasNoTable("item");
        String but = "but it is disabled, no worker, no slot, no tables";
        said(messageOf(asleep::isEnabled), "expected subscription asleep on copy to be enabled", but);
        said(messageOf(asleep::hasWorker), "expected subscription asleep on copy to have a worker", but);
        said(messageOf(asleep::isSynced), "expected subscription asleep on copy to be synced", but);
        said(
                waitMessageOf(() -> asleep.eventually(SHORT).isSynced()),
                "waited for subscription asleep on copy to be synced, not within 0.2 s",
                "last seen: it is disabled, no worker, no slot, no tables");
    }

    @Test
    void a_subscription_that_is_not_there(Node till) {
        SubscriptionAssert none = assertThat(till).subscription("none");
        none.isAbsent();
        said(messageOf(none::exists), "expected subscription none on till to exist", "but there is none on till");
        said(messageOf(none::isSynced), "expected subscription none on till to be synced", "but there is none on till");
    }

    @Test
    @RequiresPostgres(max = 12, because = "13 tells it")
    void the_wal_status_of_a_slot_is_refused_where_nothing_tells_it(Node till) {
        assertThatThrownBy(
                        () -> assertThat(till).slot("items_copy").eventually().isLost())
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected till to be PostgreSQL 13 or later, which tells the WAL status of a slot, but was "
                        + till.version());
    }

    @Test
    @RequiresPostgres(min = 13, because = "before, nothing told the WAL status of a slot")
    void a_slot_that_is_used(Node till) {
        assertThat(till)
                .slot("items_copy")
                .exists()
                .eventually()
                .isActive()
                .lagsAtMost(0)
                .hasWalStatus("reserved");

        SlotAssert used = assertThat(till).slot("items_copy");
        String but = "but it is active, WAL reserved, N bytes behind";
        said(messageOf(used::isInactive), "expected slot items_copy on till to be inactive", but);
        said(messageOf(used::isLost), "expected slot items_copy on till to have the WAL status lost", but);
        said(
                messageOf(used::isAbsent),
                "expected slot items_copy on till to be absent",
                "but it is there: active, WAL reserved, N bytes behind");
    }

    @Test
    @RequiresPostgres(min = 13, because = "before, nothing told the WAL status of a slot")
    void a_slot_that_nobody_uses(Node till) {
        till.query("SELECT pg_create_logical_replication_slot('unused', 'pgoutput')");
        try {
            till.execute("INSERT INTO note VALUES (1, 'more WAL')");
            till.execute("DELETE FROM note WHERE text = 'more WAL'");

            SlotAssert unused = assertThat(till).slot("unused");
            unused.isInactive().lagsAtMost(1_000_000);
            String but = "but it is inactive, WAL reserved, N bytes behind";
            said(messageOf(unused::isActive), "expected slot unused on till to be active", but);
            said(
                    messageOf(() -> unused.lagsAtMost(8)),
                    "expected slot unused on till to lag at most N bytes behind",
                    but);
        } finally {
            till.query("SELECT pg_drop_replication_slot('unused')");
        }
        said(
                messageOf(() -> assertThat(till).slot("unused").exists()),
                "expected slot unused on till to exist",
                "but there is none on till");
        assertThat(till).slot("unused").isAbsent();
    }

    @Test
    void the_log_since_a_mark(Node till) {
        till.execute("DO $$ BEGIN RAISE LOG 'before'; END $$");
        assertThat(till).log().eventually().contains("before");
        ServerLog.Mark mark = till.log().mark();
        Assertions.assertThat(messageOf(() -> assertThat(till).log().since(mark).contains("before")))
                .startsWith("expected the log of till since the mark to contain\n    before\nbut it ");

        till.execute("DO $$ BEGIN RAISE LOG 'after %', 1; END $$");

        assertThat(till).log().since(mark).eventually().contains("after 1").containsPattern("LOG:  after \\d$");
        assertThat(till).log().since(mark).doesNotContain("before");
        Assertions.assertThat(messageOf(() -> assertThat(till).log().since(mark).containsPattern("^after")))
                .matches(
                        "(?s)expected the log of till since the mark to contain the pattern\n    \\^after\nbut it has\n"
                                + ".*LOG:  after 1.*");
        Assertions.assertThat(messageOf(() -> assertThat(till).log().since(mark).doesNotContain("LOG:  after")))
                .matches("expected the log of till since the mark to not contain\n    LOG:  after\nbut it has\n"
                        + "    .* LOG:  after 1");
    }

    @Test
    void an_absent_line_cannot_be_waited_for(Node till) {
        assertThatThrownBy(() -> assertThat(till).log().eventually().doesNotContain("ERROR"))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessage(
                        "expected \"ERROR\" not to be in the log eventually, but no time shows that; wait for something"
                                + " that comes after it, then look without eventually()");
    }
}
