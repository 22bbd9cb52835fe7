package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * Publications of some rows, of some columns, and of all that is in a schema.
 *
 * @see <a href="https://www.postgresql.org/docs/15/logical-replication-row-filter.html">Row Filters</a>
 * @see <a href="https://www.postgresql.org/docs/15/logical-replication-col-lists.html">Column Lists</a>
 */
@MiniClusterTest
@RequiresPostgres(min = 15, because = "row filters, column lists and publications of schemas came with 15")
class FilteredPublicationsIT {

    private static final String ITEM = "CREATE TABLE item (id integer PRIMARY KEY, name text, secret text)";

    static Topology rows() {
        return OneWay.of(
                ITEM,
                primary -> primary.seed("INSERT INTO item VALUES (1, 'one'), (11, 'eleven')")
                        .publication("pub", p -> p.tableWhere("item", "id > 10")),
                copy -> copy.readOnly("item").subscribes("sub", "primary", "pub"));
    }

    @Test
    @TopologyFrom("rows")
    @Behaviour({"rf-copy-and-stream-filtered", "rf-update-transformation"})
    void only_rows_that_meet_the_filter_are_copied_and_streamed(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (2, 'two'), (12, 'twelve')");
        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(11, "eleven", null), row(12, "twelve", null));

        primary.execute("UPDATE item SET id = 13 WHERE id = 1");
        primary.execute("UPDATE item SET id = 3 WHERE id = 11");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(12, "twelve", null), row(13, "one", null));
        assertThat(copy).rejects("DELETE FROM item").withMessage("Cannot modify table.");
    }

    static Topology columns() {
        return OneWay.apart(
                primary -> primary.schema(ITEM)
                        .seed("INSERT INTO item VALUES (1, 'one', 'hidden')")
                        .publication("pub", p -> p.table("item", List.of("id", "name"))),
                copy -> copy.schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                        .readOnly("item")
                        .subscribes("sub", "primary", "pub"));
    }

    @Test
    @TopologyFrom("columns")
    @Behaviour("cl-copy-and-stream-columns")
    void only_listed_columns_leave_and_the_copy_needs_no_others(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (2, 'two', 'hidden too')");
        primary.execute("UPDATE item SET name = 'first', secret = 'still hidden' WHERE id = 1");

        cluster.awaitReplicated();

        assertThat(copy).table("item").hasRows(row(1, "first"), row(2, "two"));
    }

    static Topology schema() {
        return OneWay.of(
                "CREATE SCHEMA \"My app\"; CREATE TABLE \"My app\".note (id integer PRIMARY KEY);"
                        + " CREATE TABLE item (id integer PRIMARY KEY)",
                primary -> primary.publication("pub", p -> p.tablesInSchema("My app")),
                copy -> copy.readOnly("My app.note").subscribes("sub", "primary", "pub"));
    }

    @Test
    @TopologyFrom("schema")
    @Behaviour("pub-tables-in-schema")
    void a_schema_is_published_with_the_tables_that_it_gets_later(MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitSynced();
        String later = "CREATE TABLE \"My app\".later (id integer PRIMARY KEY)";
        primary.execute(later);
        copy.execute(later);
        primary.execute("INSERT INTO item VALUES (1); INSERT INTO \"My app\".note VALUES (2)");
        primary.execute("INSERT INTO \"My app\".later VALUES (3)");

        copy.execute("ALTER SUBSCRIPTION sub REFRESH PUBLICATION");

        cluster.awaitReplicated();
        assertThat(copy).table("My app.note").hasRows(row(2));
        assertThat(copy).table("My app.later").hasRows(row(3));
        assertThat(copy).table("item").isEmpty();
    }
}
