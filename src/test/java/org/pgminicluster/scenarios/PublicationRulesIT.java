package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * What may be published, and what a publication says of itself: one node, no subscriber.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-createpublication.html">CREATE PUBLICATION</a>
 * @see <a href="https://www.postgresql.org/docs/13/sql-alterpublication.html">ALTER PUBLICATION</a>
 */
@MiniClusterTest
@TopologyFrom("publisherAlone")
class PublicationRulesIT {

    private static final String MEMBERS = "SELECT tablename FROM pg_publication_tables WHERE pubname = ?";

    static Topology publisherAlone() {
        return Topology.named("a publisher alone")
                .schema("CREATE TABLE item (id integer PRIMARY KEY); CREATE TABLE line (id integer PRIMARY KEY)")
                .node(
                        "publisher",
                        publisher -> publisher
                                .publishes("item_pub", "item")
                                .publication("all_pub", publication -> publication.allTables()))
                .build();
    }

    @Test
    @Behaviour("pub-default-publishes-all-ops")
    @RequiresPostgres(min = 11, because = "before, no TRUNCATE was replicated")
    void by_default_inserts_updates_deletes_and_truncates_are_published(Node publisher) {
        assertThat(publisher)
                .query("SELECT pubname, puballtables, pubinsert, pubupdate, pubdelete, pubtruncate FROM pg_publication")
                .hasRows(row("item_pub", false, true, true, true, true), row("all_pub", true, true, true, true, true));
    }

    @Test
    @Behaviour("pub-all-tables-covers-future")
    void all_tables_are_also_those_made_later(Node publisher) {
        publisher.execute("CREATE TABLE later (id integer)");

        assertThat(publisher).query(MEMBERS, "all_pub").hasRows(row("item"), row("line"), row("later"));
        assertThat(publisher).query(MEMBERS, "item_pub").hasRows(row("item"));
    }

    @Test
    @Behaviour("pub-all-tables-no-membership-edit")
    void a_publication_for_all_tables_has_no_list_to_edit(Node publisher) {
        for (String change : new String[] {"ADD TABLE item", "DROP TABLE item", "SET TABLE item"}) {
            assertThat(publisher)
                    .rejects("ALTER PUBLICATION all_pub " + change)
                    .withMessage("publication \"all_pub\" is defined as FOR ALL TABLES")
                    .withDetail("Tables cannot be added to or dropped from FOR ALL TABLES publications.");
        }
    }

    @Test
    @Behaviour("pub-duplicate-and-nonmember-errors")
    void members_are_added_once_and_only_members_are_dropped(Node publisher) {
        assertThat(publisher)
                .rejects("ALTER PUBLICATION item_pub ADD TABLE item")
                .withMessage("relation \"item\" is already member of publication \"item_pub\"");
        assertThat(publisher)
                .rejects("ALTER PUBLICATION item_pub DROP TABLE line")
                .withMessage("relation \"line\" is not part of the publication");
        assertThat(publisher)
                .rejects("CREATE PUBLICATION item_pub")
                .withMessage("publication \"item_pub\" already exists");
        assertThat(publisher).query(MEMBERS, "item_pub").hasRows(row("item"));
    }

    @Test
    @Behaviour("pub-option-validation")
    @RequiresPostgres(min = 11, because = "10 words it otherwise")
    void unknown_and_repeated_options_are_refused(Node publisher) {
        assertThat(publisher)
                .rejects("CREATE PUBLICATION p WITH (colour = 'red')")
                .withMessage("unrecognized publication parameter: \"colour\"");
        assertThat(publisher)
                .rejects("CREATE PUBLICATION p WITH (publish = 'insert, vacuum')")
                .withMessageContaining(": \"vacuum\"");
        assertThat(publisher)
                .rejects("CREATE PUBLICATION p WITH (publish = 'insert', publish = 'update')")
                .withMessage("conflicting or redundant options");
    }

    @Test
    @Behaviour("pub-unsupported-relations")
    @RequiresPostgres(max = 14, because = "15 words it otherwise")
    void only_permanent_user_tables_can_be_published(Node publisher) {
        publisher.execute("CREATE VIEW item_view AS SELECT * FROM item");
        publisher.execute("CREATE UNLOGGED TABLE item_unlogged (id integer)");
        publisher.execute("CREATE TEMPORARY TABLE item_temporary (id integer)");

        assertThat(publisher)
                .rejects("CREATE PUBLICATION p FOR TABLE item_view")
                .withMessage("\"item_view\" is not a table")
                .withDetail("Only tables can be added to publications.");
        assertThat(publisher)
                .rejects("CREATE PUBLICATION p FOR TABLE pg_class")
                .withMessage("\"pg_class\" is a system table")
                .withDetail("System tables cannot be added to publications.");
        for (String table : new String[] {"item_unlogged", "item_temporary"}) {
            assertThat(publisher)
                    .rejects("CREATE PUBLICATION p FOR TABLE " + table)
                    .withMessage("table \"" + table + "\" cannot be replicated")
                    .withDetail("Temporary and unlogged relations cannot be replicated.");
        }
    }

    @Test
    @Behaviour("pub-inheritance-and-only")
    void children_are_published_with_their_parent_unless_it_is_only_the_parent(Node publisher) {
        publisher.execute("CREATE TABLE child () INHERITS (item)");

        publisher.execute("CREATE PUBLICATION family_pub FOR TABLE item");
        publisher.execute("CREATE PUBLICATION parent_pub FOR TABLE ONLY item");

        assertThat(publisher).query(MEMBERS, "family_pub").hasRows(row("item"), row("child"));
        assertThat(publisher).query(MEMBERS, "parent_pub").hasRows(row("item"));
    }
}
