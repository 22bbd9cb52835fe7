package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.Publication.GeneratedColumns;
import org.pgminicluster.topology.Topology;

/**
 * Columns that the publisher computes.
 *
 * @see <a href="https://www.postgresql.org/docs/18/logical-replication-gencols.html">Generated Column Replication</a>
 */
@MiniClusterTest
@RequiresPostgres(min = 18, because = "publish_generated_columns came with 18")
class GeneratedColumnsIT {

    private static final String COMPUTED = "gross integer GENERATED ALWAYS AS (net * 2) STORED";

    private static Topology publishing(String grossOnTheCopy, Consumer<Publication.Builder> publication) {
        String columns = "CREATE TABLE item (id integer PRIMARY KEY, net integer, ";
        return OneWay.apart(
                primary -> primary.schema(columns + COMPUTED + ", seen integer GENERATED ALWAYS AS (net * 3) VIRTUAL)")
                        .seed("INSERT INTO item VALUES (1, 10)")
                        .publication("pub", publication),
                copy -> copy.schema(columns + grossOnTheCopy + ", seen integer)")
                        .readOnly("item")
                        .subscribes("sub", "primary", "pub"));
    }

    static Topology stored() {
        return publishing("gross integer", p -> p.tables("item").generatedColumns(GeneratedColumns.STORED));
    }

    @Test
    @TopologyFrom("stored")
    @Behaviour({"gen-stored-published", "gen-virtual-never-published"})
    void stored_ones_are_copied_and_streamed_like_others_and_virtual_ones_are_not(
            MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (2, 20), (3, 30)");
        primary.execute("UPDATE item SET net = 21 WHERE id = 2");

        cluster.awaitReplicated();

        assertThat(copy).table("item").hasRows(row(1, 10, 20, null), row(2, 21, 42, null), row(3, 30, 60, null));
    }

    static Topology unpublished() {
        return publishing("gross integer", p -> p.tables("item"));
    }

    @Test
    @TopologyFrom("unpublished")
    @Behaviour("gen-published-from-alter-on")
    void they_are_left_out_until_the_publication_says_otherwise(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (2, 20)");
        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, 10, null, null), row(2, 20, null, null));

        primary.execute("ALTER PUBLICATION pub SET (publish_generated_columns = stored)");
        primary.execute("INSERT INTO item VALUES (3, 30)");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, 10, null, null), row(2, 20, null, null), row(3, 30, 60, null));
    }

    static Topology listed() {
        return publishing("gross integer", p -> p.table("item", List.of("id", "gross")));
    }

    @Test
    @TopologyFrom("listed")
    @Behaviour("gen-column-list-decides")
    void a_column_list_names_them_whatever_the_publication_says_of_all(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (2, 20)");

        cluster.awaitReplicated();

        assertThat(copy).table("item").hasRows(row(1, null, 20, null), row(2, null, 40, null));
    }

    static Topology computedTwice() {
        return publishing(COMPUTED, p -> p.tables("item"));
    }

    @Test
    @TopologyFrom("computedTwice")
    @Behaviour("gen-to-gen-stops")
    void a_copy_that_computes_them_itself_stops_until_it_does_so_no_longer(
            MiniCluster cluster, Node primary, Node copy) {
        cluster.awaitSynced();
        ServerLog.Mark mark = copy.log().mark();
        primary.execute("ALTER PUBLICATION pub SET (publish_generated_columns = stored)");
        primary.execute("INSERT INTO item VALUES (2, 20)");

        assertThat(copy)
                .subscription("sub")
                .since(mark)
                .hasFailedWith("logical replication target relation \"public.item\" has incompatible generated column");
        copy.execute("ALTER TABLE item ALTER gross DROP EXPRESSION");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, 10, 20, null), row(2, 20, 40, null));
    }
}
