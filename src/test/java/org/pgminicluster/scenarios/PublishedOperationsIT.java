package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;
import static org.pgminicluster.topology.Publication.Operation.DELETE;
import static org.pgminicluster.topology.Publication.Operation.INSERT;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * Which operations leave: what the publication lists, what several list together, and what happens twice if it is
 * followed twice.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-createpublication.html">CREATE PUBLICATION</a>
 */
@MiniClusterTest
class PublishedOperationsIT {

    private static final String ITEM = "CREATE TABLE item (id integer PRIMARY KEY, name text)";

    static Topology insertsOnly() {
        return OneWay.of(
                ITEM,
                primary -> primary.publication("pub", pub -> pub.tables("item").publish(INSERT)),
                OneWay.streams("pub"));
    }

    @Test
    @TopologyFrom("insertsOnly")
    @Behaviour("dml-publish-subset-filters-ops")
    void a_publication_of_inserts_lets_the_tables_drift_apart(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'first'), (2, 'second')");

        primary.execute("UPDATE item SET name = 'changed' WHERE id = 1");
        primary.execute("DELETE FROM item WHERE id = 2");
        primary.execute("INSERT INTO item VALUES (3, 'marker')");

        cluster.awaitReplicated();
        assertThat(primary).table("item").hasRows(row(1, "changed"), row(3, "marker"));
        assertThat(copy).table("item").hasRows(row(1, "first"), row(2, "second"), row(3, "marker"));
    }

    static Topology insertsAndDeletesApart() {
        return OneWay.of(
                ITEM,
                primary -> primary.publication(
                                "inserts", pub -> pub.tables("item").publish(INSERT))
                        .publication("deletes", pub -> pub.tables("item").publish(DELETE)),
                OneWay.streams("inserts", "deletes"));
    }

    @Test
    @TopologyFrom("insertsAndDeletesApart")
    @Behaviour("dml-union-of-publications")
    void an_operation_is_sent_if_any_of_the_publications_lists_it(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'first'), (2, 'second')");

        primary.execute("UPDATE item SET name = 'changed' WHERE id = 1");
        primary.execute("DELETE FROM item WHERE id = 2");
        primary.execute("INSERT INTO item VALUES (3, 'marker')");

        cluster.awaitReplicated();
        assertThat(primary).table("item").hasRows(row(1, "changed"), row(3, "marker"));
        assertThat(copy).table("item").hasRows(row(1, "first"), row(3, "marker"));
    }

    static Topology followedTwice() {
        return OneWay.of(
                "CREATE TABLE entry (name text)",
                primary -> primary.publishes("pub", "entry"),
                copy -> copy.subscription(
                                "first_sub", sub -> sub.to("primary", "pub").copyData(false))
                        .subscription(
                                "second_sub", sub -> sub.to("primary", "pub").copyData(false)));
    }

    @Test
    @TopologyFrom("followedTwice")
    @Behaviour("dml-two-subscriptions-apply-twice")
    void two_subscriptions_to_one_publication_insert_each_row_twice(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO entry VALUES ('written once')");

        cluster.awaitReplicated();
        assertThat(copy).table("entry").hasRows(row("written once"), row("written once"));
    }
}
