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
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/**
 * How the subscriber finds the row that a replicated update or delete means: by its own key, or, if the publisher sends
 * whole rows, by comparing them.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-publication.html">Publication</a>
 */
@MiniClusterTest
class RowLookupIT {

    static Topology fullRows() {
        return OneWay.of(
                "CREATE TABLE entry (id integer, name text); ALTER TABLE entry REPLICA IDENTITY FULL", "entry");
    }

    @Test
    @TopologyFrom("fullRows")
    @Behaviour("ri-full-sequential-scan")
    void without_a_key_every_changed_row_is_searched_from_the_start_of_the_table(
            MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO entry SELECT i, 'old' FROM generate_series(1, 100) AS i");

        primary.execute("UPDATE entry SET name = 'new' WHERE id > 93");

        cluster.awaitReplicated();
        // A worker reports what it has scanned at the next commit or, at the latest, when it ends.
        copy.execute("ALTER SUBSCRIPTION sub DISABLE");
        cluster.awaitValue(
                copy, "SELECT seq_tup_read >= 7 * 93 FROM pg_stat_user_tables WHERE relname = 'entry'", true);
    }

    @Test
    @TopologyFrom("fullRows")
    @Behaviour("ri-full-sequential-scan")
    void of_equal_rows_a_delete_takes_just_one(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO entry VALUES (1, NULL), (1, NULL), (2, 'two')");

        primary.execute("DELETE FROM entry WHERE ctid = (SELECT min(ctid) FROM entry)");

        cluster.awaitReplicated();
        assertThat(copy).table("entry").hasRows(row(1, null), row(2, "two"));
    }

    static Topology keyAndFullRows() {
        return OneWay.of(
                "CREATE TABLE item (id integer PRIMARY KEY, name text); ALTER TABLE item REPLICA IDENTITY FULL",
                "item");
    }

    @Test
    @TopologyFrom("keyAndFullRows")
    @Behaviour("ri-full-plus-primary-key")
    void where_the_copy_has_a_key_whole_rows_are_found_by_it_alone(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'one'), (2, 'two')");
        cluster.awaitReplicated();
        copy.execute("UPDATE item SET name = 'changed on the copy'");

        primary.execute("UPDATE item SET name = 'changed on the primary' WHERE id = 1");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "changed on the primary"), row(2, "changed on the copy"));
    }

    static Topology points() {
        return OneWay.of("""
                CREATE TABLE keyed (id integer PRIMARY KEY, place point);
                ALTER TABLE keyed REPLICA IDENTITY FULL;
                CREATE TABLE keyless (id integer, place point);
                ALTER TABLE keyless REPLICA IDENTITY FULL;
                """, "keyed", "keyless");
    }

    @Test
    @TopologyFrom("points")
    @Behaviour("ri-full-no-equality-type-fails")
    void whole_rows_of_a_type_without_equality_cannot_be_found_without_a_key(
            MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO keyed VALUES (1, '(1,1)'); INSERT INTO keyless VALUES (1, '(1,1)')");
        primary.execute("UPDATE keyed SET place = '(2,2)'");
        cluster.awaitReplicated();
        assertThat(copy).table("keyed").hasRows(row(1, "(2,2)"));
        ServerLog.Mark mark = copy.log().mark();

        primary.execute("UPDATE keyless SET place = '(2,2)'");

        cluster.awaitLog(copy, mark, WorkerLog.error(copy, "could not identify an equality operator for type point"));
        copy.execute("ALTER TABLE keyless ADD PRIMARY KEY (id)");
        cluster.awaitReplicated();
        assertThat(copy).table("keyless").hasRows(row(1, "(2,2)"));
    }

    static Topology twoColumnKey() {
        return OneWay.of(
                "CREATE TABLE item (a integer, b integer, name text)",
                primary -> primary.schema("ALTER TABLE item ADD PRIMARY KEY (a, b)")
                        .publishes("pub", "item"),
                copy -> OneWay.streams("pub").accept(copy.schema("ALTER TABLE item ADD PRIMARY KEY (a)")));
    }

    @Test
    @TopologyFrom("twoColumnKey")
    @Behaviour("ri-subscriber-fewer-columns-ok")
    void the_copy_may_have_a_key_of_fewer_columns(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 1, 'one'), (2, 2, 'two')");

        primary.execute("UPDATE item SET name = 'changed' WHERE a = 1");
        primary.execute("DELETE FROM item WHERE a = 2");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, 1, "changed"));
    }

    @Test
    @TopologyFrom("twoColumnKey")
    @Behaviour("ri-subscriber-fewer-columns-ok")
    void a_key_of_the_copy_that_is_not_sent_stops_apply(MiniCluster cluster, Node primary, Node copy) {
        copy.execute("ALTER TABLE item DROP CONSTRAINT item_pkey, ADD PRIMARY KEY (a, name)");
        primary.execute("INSERT INTO item VALUES (1, 1, 'one')");
        cluster.awaitReplicated();
        ServerLog.Mark mark = copy.log().mark();

        primary.execute("DELETE FROM item");

        cluster.awaitLog(
                copy,
                mark,
                WorkerLog.error(
                        copy,
                        "publisher did not send replica identity column expected by the logical replication"
                                + " target relation \"public.item\""));
        assertThat(copy).table("item").hasRows(row(1, 1, "one"));
    }

    static Topology keyOnThePrimaryOnly() {
        return OneWay.of(
                "CREATE TABLE item (id integer, name text)",
                primary ->
                        primary.schema("ALTER TABLE item ADD PRIMARY KEY (id)").publishes("pub", "item"),
                OneWay.streams("pub"));
    }

    @Test
    @TopologyFrom("keyOnThePrimaryOnly")
    @Behaviour("ri-subscriber-key-missing-stops")
    void a_copy_without_any_key_takes_inserts_and_stops_at_the_first_update(
            MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'one')");
        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "one"));
        ServerLog.Mark mark = copy.log().mark();

        primary.execute("UPDATE item SET name = 'changed'");

        cluster.awaitLog(
                copy,
                mark,
                WorkerLog.error(
                        copy,
                        "logical replication target relation \"public.item\" has neither REPLICA IDENTITY index"
                                + " nor PRIMARY KEY and published relation does not have REPLICA IDENTITY FULL"));
        copy.execute("ALTER TABLE item ADD PRIMARY KEY (id)");
        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "changed"));
    }

    static Topology generatedOnTheCopy() {
        return OneWay.of(
                "CREATE TABLE entry (id integer, name text); ALTER TABLE entry REPLICA IDENTITY FULL",
                primary -> primary.publishes("pub", "entry"),
                copy -> OneWay.streams("pub")
                        .accept(copy.schema(
                                "ALTER TABLE entry ADD twice integer GENERATED ALWAYS AS (id * 2) STORED")));
    }

    @Test
    @TopologyFrom("generatedOnTheCopy")
    @Behaviour("ri-full-generated-or-dropped-column")
    @RequiresPostgres(min = 12, because = "generated columns came with 12")
    void whole_rows_are_compared_without_generated_columns(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO entry VALUES (1, 'one'), (2, 'two')");

        primary.execute("UPDATE entry SET id = 10 WHERE id = 1");
        primary.execute("DELETE FROM entry WHERE id = 2");

        cluster.awaitReplicated();
        assertThat(copy).table("entry").hasRows(row(10, "one", 20));
    }

    static Topology wideFullRows() {
        return OneWay.of(
                "CREATE TABLE entry (id integer, unused text, name text); ALTER TABLE entry REPLICA IDENTITY FULL",
                "entry");
    }

    @Test
    @TopologyFrom("wideFullRows")
    @Behaviour("ri-full-generated-or-dropped-column")
    @RequiresPostgres(min = 11, because = "10 finds no such row")
    void whole_rows_are_compared_without_dropped_columns(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO entry VALUES (1, 'x', 'one'), (2, 'x', 'two')");
        cluster.awaitReplicated();
        primary.execute("ALTER TABLE entry DROP unused");
        copy.execute("ALTER TABLE entry DROP unused");

        primary.execute("UPDATE entry SET name = 'changed' WHERE id = 1");
        primary.execute("DELETE FROM entry WHERE id = 2");

        cluster.awaitReplicated();
        assertThat(copy).table("entry").hasRows(row(1, "changed"));
    }

    @Test
    @TopologyFrom("fullRows")
    @Behaviour("ri-full-fast-default-column")
    void whole_rows_are_found_that_are_older_than_a_column_with_a_default(
            MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO entry VALUES (1, 'one'), (2, 'two')");
        cluster.awaitReplicated();
        copy.execute("ALTER TABLE entry ADD colour text DEFAULT 'red'");
        primary.execute("ALTER TABLE entry ADD colour text DEFAULT 'red'");

        primary.execute("UPDATE entry SET colour = 'blue' WHERE id = 1");
        primary.execute("DELETE FROM entry WHERE id = 2");

        cluster.awaitReplicated();
        assertThat(copy).table("entry").hasRows(row(1, "one", "blue"));
    }
}
