package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/**
 * What of the publisher's writes arrives, and as what: rows of committed transactions, in commit order.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication.html">Logical Replication</a>
 */
@MiniClusterTest
@TopologyFrom("oneTable")
class DmlIT {

    static Topology oneTable() {
        return OneWay.of("CREATE TABLE item (id integer PRIMARY KEY, name text)", "item");
    }

    @Test
    @Behaviour("dml-insert-update-delete")
    void inserts_updates_deletes_and_changes_of_the_key_arrive(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'kept'), (2, 'old'), (3, 'moved'), (4, 'gone')");
        primary.execute("UPDATE item SET name = 'new' WHERE id = 2");
        primary.execute("UPDATE item SET id = 30 WHERE id = 3");
        primary.execute("DELETE FROM item WHERE id = 4");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "kept"), row(2, "new"), row(30, "moved"));
    }

    @Test
    @Behaviour("dml-commit-order")
    void transactions_are_applied_in_the_order_of_their_commits(MiniCluster cluster, Node primary, Node copy) {
        copy.execute("ALTER TABLE item ADD arrived serial");

        try (Session slow = primary.session()) {
            slow.execute("BEGIN");
            slow.execute("INSERT INTO item VALUES (1, 'began first')");
            primary.execute("INSERT INTO item VALUES (2, 'committed first')");
            slow.execute("COMMIT");
        }

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(2, "committed first", 1), row(1, "began first", 2));
    }

    static Topology twoSubscriptions() {
        return OneWay.of(
                "CREATE TABLE debit (id integer PRIMARY KEY); CREATE TABLE credit (id integer PRIMARY KEY)",
                primary -> primary.publishes("debits", "debit").publishes("credits", "credit"),
                copy -> copy.subscription(
                                "debit_sub", sub -> sub.to("primary", "debits").copyData(false))
                        .subscription(
                                "credit_sub",
                                sub -> sub.to("primary", "credits").copyData(false)));
    }

    @Test
    @TopologyFrom("twoSubscriptions")
    @Behaviour("dml-commit-order")
    void two_subscriptions_can_tear_one_transaction_apart(MiniCluster cluster, Node primary, Node copy) {
        try (Session blocker = copy.session()) {
            blocker.execute("BEGIN; LOCK TABLE debit IN SHARE MODE");

            primary.execute("BEGIN; INSERT INTO debit VALUES (1); INSERT INTO credit VALUES (1); COMMIT");

            cluster.awaitReplicated(copy, "credit_sub");
            assertThat(copy).table("credit").hasRows(row(1));
            assertThat(copy).table("debit").isEmpty();
            blocker.execute("ROLLBACK");
        }
        assertThat(cluster).table("debit").convergesOn("primary", "copy");
    }

    @Test
    @Behaviour("dml-rollback-never-sent")
    void what_was_rolled_back_never_arrives(MiniCluster cluster, Node primary, Node copy) {
        copy.execute("ALTER TABLE item ADD arrived serial");

        primary.execute("BEGIN; INSERT INTO item VALUES (1, 'rolled back'); ROLLBACK");
        primary.execute("""
                BEGIN;
                INSERT INTO item VALUES (2, 'before the savepoints');
                SAVEPOINT undone;
                INSERT INTO item VALUES (3, 'rolled back to the savepoint');
                ROLLBACK TO undone;
                SAVEPOINT released;
                INSERT INTO item VALUES (4, 'released');
                RELEASE released;
                INSERT INTO item VALUES (5, 'after the savepoints');
                COMMIT""");

        cluster.awaitReplicated();
        assertThat(copy)
                .table("item")
                .hasRows(row(2, "before the savepoints", 1), row(4, "released", 2), row(5, "after the savepoints", 3));
    }

    @Test
    @Behaviour("dml-copy-from-is-inserts")
    void rows_loaded_by_copy_arrive_as_inserts(MiniCluster cluster, Node primary, Node copy) {
        noteOperations(copy);

        primary.copyIn("COPY item FROM STDIN", "1\tone\n2\t\\N\n");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "one"), row(2, null));
        assertThat(copy).table("applied").hasRows(row("INSERT", 1), row("INSERT", 2));
    }

    @Test
    @Behaviour("dml-on-conflict-resulting-op")
    void an_upsert_arrives_as_what_it_did(MiniCluster cluster, Node primary, Node copy) {
        noteOperations(copy);

        primary.execute("INSERT INTO item VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET name = 'unused'");
        primary.execute("INSERT INTO item VALUES (1, 'b') ON CONFLICT (id) DO NOTHING");
        primary.execute("INSERT INTO item VALUES (1, 'c') ON CONFLICT (id) DO UPDATE SET name = excluded.name");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "c"));
        assertThat(copy).table("applied").hasRows(row("INSERT", 1), row("UPDATE", 1));
    }

    /** What reaches the table by replication is written down by a trigger that fires for nothing else. */
    private static void noteOperations(Node copy) {
        copy.execute("""
                CREATE TABLE applied (operation text, id integer);
                CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    INSERT INTO public.applied VALUES (TG_OP, NEW.id);
                    RETURN NULL;
                END $$;
                CREATE TRIGGER note AFTER INSERT OR UPDATE ON item FOR EACH ROW EXECUTE PROCEDURE note();
                ALTER TABLE item ENABLE REPLICA TRIGGER note""");
    }

    static Topology largeValues() {
        return OneWay.of("CREATE TABLE document (id integer PRIMARY KEY, title text, body text)", "document");
    }

    @Test
    @TopologyFrom("largeValues")
    @Behaviour("dml-large-value")
    void half_a_megabyte_of_text_arrives_whole_and_stays_when_another_column_changes(
            MiniCluster cluster, Node primary, Node copy) {
        primary.execute("""
                INSERT INTO document
                SELECT 1, 'draft', string_agg(md5(i::text), '') FROM generate_series(1, 16384) AS i""");
        assertThat(cluster).table("document").convergesOn("primary", "copy");

        primary.execute("UPDATE document SET title = 'final'");

        assertThat(cluster).table("document").convergesOn("primary", "copy");
        copy.execute("CREATE VIEW summary AS SELECT title, length(body) FROM document");
        assertThat(copy).table("summary").hasRows(row("final", 16384 * 32));
    }

    static Topology withoutColumns() {
        return OneWay.of(
                "CREATE TABLE tick ()",
                primary -> primary.seed("INSERT INTO tick DEFAULT VALUES").publishes("pub", "tick"),
                copy -> copy.subscribes("sub", "primary", "pub"));
    }

    @Test
    @TopologyFrom("withoutColumns")
    @Behaviour("dml-zero-column-table")
    void a_table_without_columns_replicates_its_number_of_rows(MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitSynced();
        assertThat(copy).table("tick").hasCount(1);

        primary.execute("INSERT INTO tick DEFAULT VALUES");

        cluster.awaitReplicated();
        assertThat(copy).table("tick").hasCount(2);
    }

    static Topology keyThatIncludesColumns() {
        return OneWay.of(
                "CREATE TABLE item (id integer, name text, price integer, PRIMARY KEY (id) INCLUDE (name))", "item");
    }

    @Test
    @TopologyFrom("keyThatIncludesColumns")
    @Behaviour("dml-included-columns-key")
    @RequiresPostgres(min = 11, because = "INCLUDE came with 11")
    void a_primary_key_that_includes_columns_identifies_rows(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'one', 10), (2, 'two', 20), (3, 'three', 30)");

        primary.execute("UPDATE item SET name = 'zwei', price = 21 WHERE id = 2");
        primary.execute("DELETE FROM item WHERE id = 3");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "one", 10), row(2, "zwei", 21));
    }
}
