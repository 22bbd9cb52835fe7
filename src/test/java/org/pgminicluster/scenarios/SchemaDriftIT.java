package org.pgminicluster.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
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
 * Schema is not replicated. What happens when the two sides differ or are changed one after the other: columns go by
 * name, what only the copy has is its own, what the copy lacks stops it until it is there.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-restrictions.html">Restrictions</a>
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-subscription.html">Subscription</a>
 */
@MiniClusterTest
@TopologyFrom("oneTable")
class SchemaDriftIT {

    private static final String MISSING_COLUMN = "logical replication target relation \"public.item\" is missing";

    static Topology oneTable() {
        return OneWay.of("CREATE TABLE item (id integer PRIMARY KEY, name text)", "item");
    }

    static Topology otherOrder() {
        return OneWay.apart(
                primary -> primary.schema("CREATE TABLE item (id integer PRIMARY KEY, name text, price integer)")
                        .publishes("pub", "item"),
                copy -> OneWay.streams("pub")
                        .accept(copy.schema("CREATE TABLE item (price integer, name text, id integer PRIMARY KEY)")));
    }

    @Test
    @TopologyFrom("otherOrder")
    @Behaviour({"ddl-column-order-differs", "ddl-tables-matched-by-qualified-name"})
    void columns_go_by_name_whatever_their_order(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'one', 10), (2, 'two', 20), (3, 'three', 30)");
        primary.execute("UPDATE item SET price = 21 WHERE id = 2");
        primary.execute("DELETE FROM item WHERE id = 3");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(10, "one", 1), row(21, "two", 2));
    }

    static Topology extraColumns() {
        return OneWay.of(
                "CREATE TABLE item (id integer PRIMARY KEY, name text)",
                primary -> primary.seed("INSERT INTO item VALUES (1, 'copied')").publishes("pub", "item"),
                copy -> copy.schema("""
                        ALTER TABLE item ADD colour text DEFAULT 'red',
                            ADD number integer GENERATED ALWAYS AS IDENTITY, ADD note text
                        """).subscribes("sub", "primary", "pub"));
    }

    @Test
    @TopologyFrom("extraColumns")
    @Behaviour({"ddl-extra-column-gets-default", "ddl-extra-column-kept-on-update"})
    void columns_that_only_the_copy_has_get_its_defaults_and_keep_its_changes(
            MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitSynced();
        primary.execute("INSERT INTO item VALUES (2, 'streamed')");
        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "copied", "red", 1, null), row(2, "streamed", "red", 2, null));
        copy.execute("UPDATE item SET colour = 'blue', note = 'local' WHERE id = 2");

        primary.execute("UPDATE item SET name = 'changed'");

        cluster.awaitReplicated();
        assertThat(copy)
                .table("item")
                .hasRows(row(1, "changed", "red", 1, null), row(2, "changed", "blue", 2, "local"));
    }

    @Test
    @Behaviour({"ddl-not-replicated", "ddl-missing-column-stops", "ddl-error-heals-after-alter"})
    void a_column_added_on_the_primary_first_stops_the_copy_until_it_has_it_too(
            MiniCluster cluster, Node primary, Node copy) {
        ServerLog.Mark mark = copy.log().mark();
        primary.execute("ALTER TABLE item ADD price integer");

        primary.execute("INSERT INTO item VALUES (1, 'one', 10)");
        primary.execute("INSERT INTO item VALUES (2, 'two', 20)");

        cluster.awaitLog(copy, mark, WorkerLog.error(copy, MISSING_COLUMN));
        assertThat(copy).table("item").isEmpty();
        copy.execute("ALTER TABLE item ADD price integer");
        assertThat(cluster).table("item").convergesOn("primary", "copy");
        assertThat(copy).table("item").hasRows(row(1, "one", 10), row(2, "two", 20));
    }

    @Test
    @Behaviour("ddl-additive-on-subscriber-first")
    void a_column_added_on_the_copy_first_disturbs_nothing(MiniCluster cluster, Node primary, Node copy) {
        ServerLog.Mark mark = copy.log().mark();

        copy.execute("ALTER TABLE item ADD price integer");
        primary.execute("INSERT INTO item VALUES (1, 'between')");
        primary.execute("ALTER TABLE item ADD price integer");
        primary.execute("INSERT INTO item VALUES (2, 'after', 20)");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "between", null), row(2, "after", 20));
        assertThat(copy.log().since(mark)).doesNotContain("ERROR:");
    }

    @Test
    @Behaviour("ddl-rewrite-not-sent")
    void a_rewrite_sends_no_rows_each_side_fills_its_old_ones(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'old')");
        cluster.awaitReplicated();
        copy.execute("ALTER TABLE item ADD stamp text DEFAULT 'copy ' || (random() < 2)");

        primary.execute("ALTER TABLE item ADD stamp text DEFAULT 'primary ' || (random() < 2)");
        primary.execute("INSERT INTO item VALUES (2, 'new')");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "old", "copy true"), row(2, "new", "primary true"));
    }

    @Test
    @Behaviour("ddl-drop-column-on-publisher")
    void a_column_dropped_on_the_primary_keeps_its_last_value_on_the_copy(
            MiniCluster cluster, Node primary, Node copy) {
        copy.execute("ALTER TABLE item ADD price integer DEFAULT 0");
        primary.execute("ALTER TABLE item ADD price integer");
        primary.execute("INSERT INTO item VALUES (1, 'one', 10)");

        primary.execute("ALTER TABLE item DROP price");
        primary.execute("UPDATE item SET name = 'changed'");
        primary.execute("INSERT INTO item VALUES (2, 'two')");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "changed", 10), row(2, "two", 0));
    }

    @Test
    @Behaviour("ddl-drop-column-on-subscriber")
    void dropping_a_column_that_only_the_copy_has_disturbs_nothing(MiniCluster cluster, Node primary, Node copy) {
        copy.execute("ALTER TABLE item ADD note text DEFAULT 'x'");
        primary.execute("INSERT INTO item VALUES (1, 'before')");
        cluster.awaitReplicated();

        copy.execute("ALTER TABLE item DROP note");
        primary.execute("INSERT INTO item VALUES (2, 'after')");
        primary.execute("UPDATE item SET name = 'changed' WHERE id = 1");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "changed"), row(2, "after"));
    }

    @Test
    @Behaviour("ddl-and-dml-in-one-transaction")
    void rows_around_a_ddl_in_one_transaction_have_the_columns_of_their_moment(
            MiniCluster cluster, Node primary, Node copy) {
        copy.execute("ALTER TABLE item ADD price integer DEFAULT -1");

        primary.execute("""
                BEGIN;
                INSERT INTO item VALUES (1, 'without');
                ALTER TABLE item ADD price integer;
                INSERT INTO item VALUES (2, 'with', 20);
                ALTER TABLE item DROP price;
                INSERT INTO item VALUES (3, 'without again');
                COMMIT""");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "without", -1), row(2, "with", 20), row(3, "without again", -1));
    }

    @Test
    @Behaviour({"ddl-dropped-or-renamed-target-stops", "ddl-tables-matched-by-qualified-name"})
    void a_renamed_table_stops_the_copy_until_it_has_its_name_back(MiniCluster cluster, Node primary, Node copy) {
        ServerLog.Mark mark = copy.log().mark();
        copy.execute("ALTER TABLE item RENAME TO article");

        primary.execute("INSERT INTO item VALUES (1, 'one')");

        cluster.awaitLog(
                copy,
                mark,
                WorkerLog.error(copy, "logical replication target relation \"public.item\" does not exist"));
        assertThat(copy).table("article").isEmpty();
        copy.execute("ALTER TABLE article RENAME TO item");
        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "one"));
    }

    static Topology notYetFollowed() {
        return OneWay.of(
                "CREATE TABLE item (id integer PRIMARY KEY, name text)",
                primary -> primary.schema("CREATE TABLE late (id integer PRIMARY KEY)")
                        .publishes("items", "item")
                        .publishes("lates", "late"),
                OneWay.streams("items"));
    }

    @Test
    @TopologyFrom("notYetFollowed")
    @Behaviour("ddl-missing-table-at-create")
    void a_published_table_that_the_copy_lacks_cannot_be_followed(MiniCluster cluster, Node primary, Node copy) {
        String create = "CREATE SUBSCRIPTION late_sub CONNECTION '" + copy.conninfoTo(primary, "late_sub")
                + "' PUBLICATION lates";

        assertThat(copy).rejects(create).withMessage("relation \"public.late\" does not exist");
        assertThat(copy)
                .rejects("ALTER SUBSCRIPTION sub SET PUBLICATION items, lates")
                .withMessage("relation \"public.late\" does not exist");

        copy.execute("CREATE TABLE late (id integer PRIMARY KEY)");
        copy.execute(create);
        primary.execute("INSERT INTO late VALUES (1)");
        cluster.awaitReplicated();
        assertThat(copy).table("late").hasRows(row(1));
    }

    @Test
    @TopologyFrom("notYetFollowed")
    @Behaviour("ddl-target-relation-kinds")
    @RequiresPostgres(min = 11, because = "10 words it otherwise")
    void a_view_cannot_take_the_place_of_a_table(Node copy) {
        copy.execute("CREATE VIEW late AS SELECT id FROM item");

        assertThat(copy)
                .rejects("ALTER SUBSCRIPTION sub SET PUBLICATION items, lates")
                .withMessage("cannot use relation \"public.late\" as logical replication target");
    }

    static Topology serialKeyOnTheCopy() {
        return OneWay.of(
                "CREATE TABLE entry (name text)",
                primary -> primary.publishes("pub", "entry"),
                copy -> OneWay.streams("pub").accept(copy.schema("ALTER TABLE entry ADD id serial PRIMARY KEY")));
    }

    @Test
    @TopologyFrom("serialKeyOnTheCopy")
    @Behaviour("ddl-new-key-column-on-subscriber")
    void a_copy_with_a_serial_key_of_its_own_takes_inserts(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO entry VALUES ('a')");
        primary.execute("INSERT INTO entry VALUES ('b')");

        cluster.awaitReplicated();
        assertThat(copy).table("entry").hasRows(row("a", 1), row("b", 2));
    }

    @Test
    @Behaviour("ddl-set-unlogged-blocked")
    void a_published_table_cannot_be_made_unlogged(Node primary) {
        assertThat(primary)
                .rejects("ALTER TABLE item SET UNLOGGED")
                .withMessage("cannot change table \"item\" to unlogged because it is part of a publication");
    }
}
