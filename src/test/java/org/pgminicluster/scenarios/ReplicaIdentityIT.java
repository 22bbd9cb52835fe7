package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;
import static org.pgminicluster.topology.Publication.Operation.INSERT;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * What identifies a row on the publisher, and which updates and deletes are refused there for want of it.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-publication.html">Publication</a>
 * @see <a href="https://www.postgresql.org/docs/13/sql-altertable.html#SQL-CREATETABLE-REPLICA-IDENTITY">REPLICA
 *     IDENTITY</a>
 */
@MiniClusterTest
class ReplicaIdentityIT {

    private static final String NO_UPDATE =
            "cannot update table \"entry\" because it does not have a replica identity" + " and publishes updates";
    private static final String NO_DELETE =
            "cannot delete from table \"entry\" because it does not have a replica" + " identity and publishes deletes";

    static Topology keyed() {
        return OneWay.of("CREATE TABLE item (id integer PRIMARY KEY, name text)", "item");
    }

    static Topology keyless() {
        return OneWay.of("CREATE TABLE entry (id integer, name text)", "entry");
    }

    @Test
    @TopologyFrom("keyed")
    @Behaviour("ri-default-is-primary-key")
    void the_primary_key_alone_finds_the_row(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO item VALUES (1, 'one'), (2, 'two')");
        cluster.awaitReplicated();
        copy.execute("UPDATE item SET name = 'not what the publisher knows'");

        primary.execute("UPDATE item SET id = 10 WHERE id = 1");
        primary.execute("DELETE FROM item WHERE id = 2");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(10, "one"));
    }

    @Test
    @TopologyFrom("keyless")
    @Behaviour({"ri-missing-blocks-publisher-write", "ri-missing-insert-allowed"})
    void a_published_table_without_a_key_takes_inserts_only(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO entry VALUES (1, 'one')");

        assertThat(primary)
                .rejects("UPDATE entry SET name = 'two'")
                .withMessage(NO_UPDATE)
                .withSqlState("55000")
                .withHint("To enable updating the table, set REPLICA IDENTITY using ALTER TABLE.");
        assertThat(primary)
                .rejects("DELETE FROM entry")
                .withMessage(NO_DELETE)
                .withSqlState("55000")
                .withHint("To enable deleting from the table, set REPLICA IDENTITY using ALTER TABLE.");

        cluster.awaitReplicated();
        assertThat(copy).table("entry").hasRows(row(1, "one"));
    }

    @Test
    @TopologyFrom("keyed")
    @Behaviour({"ri-nothing", "ri-missing-insert-allowed"})
    void with_identity_nothing_even_a_keyed_table_takes_inserts_only(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("ALTER TABLE item REPLICA IDENTITY NOTHING");

        primary.execute("INSERT INTO item VALUES (1, 'one')");

        assertThat(primary).rejects("UPDATE item SET name = 'two'").withMessage(NO_UPDATE.replace("entry", "item"));
        assertThat(primary).rejects("DELETE FROM item").withMessage(NO_DELETE.replace("entry", "item"));
        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "one"));
    }

    static Topology keylessInsertsOnly() {
        return OneWay.of(
                "CREATE TABLE entry (id integer, name text)",
                primary -> primary.publication("pub", pub -> pub.tables("entry").publish(INSERT)),
                OneWay.streams("pub"));
    }

    @Test
    @TopologyFrom("keylessInsertsOnly")
    @Behaviour("ri-error-only-for-published-actions")
    void what_is_not_published_needs_no_identity(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO entry VALUES (1, 'one'), (2, 'two')");

        primary.execute("UPDATE entry SET name = 'changed' WHERE id = 1");
        primary.execute("DELETE FROM entry WHERE id = 2");

        assertThat(primary).table("entry").hasRows(row(1, "changed"));
        cluster.awaitReplicated();
        assertThat(copy).table("entry").hasRows(row(1, "one"), row(2, "two"));
    }

    static Topology noPublication() {
        return Topology.named("one node")
                .schema("CREATE TABLE entry (id integer, name text)")
                .node("primary")
                .build();
    }

    @Test
    @TopologyFrom("noPublication")
    @Behaviour("ri-error-follows-publication-changes")
    void updates_are_refused_from_the_first_publication_to_the_last(Node primary) {
        primary.execute("INSERT INTO entry VALUES (1, 'one')");
        primary.execute("UPDATE entry SET name = 'before'");

        primary.execute("CREATE PUBLICATION everything FOR ALL TABLES; CREATE PUBLICATION one FOR TABLE entry");

        assertThat(primary).rejects("UPDATE entry SET name = 'both'").withMessage(NO_UPDATE);
        primary.execute("DROP PUBLICATION everything");
        assertThat(primary).rejects("UPDATE entry SET name = 'one'").withMessage(NO_UPDATE);
        primary.execute("ALTER PUBLICATION one DROP TABLE entry");
        primary.execute("UPDATE entry SET name = 'none'");
        assertThat(primary).table("entry").hasRows(row(1, "none"));
    }

    @Test
    @TopologyFrom("noPublication")
    @Behaviour("ri-temp-unlogged-exempt")
    void temporary_and_unlogged_tables_need_no_identity_under_all_tables(Node primary) {
        primary.execute("CREATE TEMPORARY TABLE brief AS SELECT 1 AS id; CREATE UNLOGGED TABLE fast AS SELECT 1 AS id");

        primary.execute("CREATE PUBLICATION everything FOR ALL TABLES");

        primary.execute("UPDATE brief SET id = 2; UPDATE fast SET id = 2");
        assertThat(primary).table("fast").hasRows(row(2));
        primary.execute("INSERT INTO entry VALUES (1, 'one')");
        assertThat(primary).rejects("UPDATE entry SET name = 'ordinary'").withMessage(NO_UPDATE);
    }

    @ParameterizedTest
    @TopologyFrom("noPublication")
    @Behaviour("ri-using-index-rules")
    @CsvSource(delimiter = '|', textBlock = """
            CREATE INDEX i ON entry (id)                                   | cannot use non-unique index "i" as replica identity
            CREATE UNIQUE INDEX i ON entry (id) WHERE id > 0               | cannot use partial index "i" as replica identity
            CREATE UNIQUE INDEX i ON entry (abs(id))                       | cannot use expression index "i" as replica identity
            CREATE UNIQUE INDEX i ON entry (name)                          | index "i" cannot be used as replica identity because column "name" is nullable
            ALTER TABLE entry ADD CONSTRAINT i UNIQUE (id) DEFERRABLE      | cannot use non-immediate index "i" as replica identity
            """)
    void an_unfit_index_is_refused_as_identity(String index, String message, Node primary) {
        primary.execute("ALTER TABLE entry ALTER id SET NOT NULL");
        primary.execute(index);

        assertThat(primary)
                .rejects("ALTER TABLE entry REPLICA IDENTITY USING INDEX i")
                .withMessage(message);
    }

    static Topology uniqueIndex() {
        return OneWay.of("""
                CREATE TABLE entry (id integer NOT NULL, name text);
                CREATE UNIQUE INDEX entry_id ON entry (id);
                ALTER TABLE entry REPLICA IDENTITY USING INDEX entry_id;
                """, "entry");
    }

    @Test
    @TopologyFrom("uniqueIndex")
    @Behaviour("ri-using-index-rules")
    void a_unique_index_can_stand_in_for_a_primary_key(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO entry VALUES (1, 'one'), (2, 'two')");

        primary.execute("UPDATE entry SET name = 'changed' WHERE id = 1");
        primary.execute("DELETE FROM entry WHERE id = 2");

        cluster.awaitReplicated();
        assertThat(copy).table("entry").hasRows(row(1, "changed"));
    }

    static Topology deferrableKey() {
        return OneWay.of("CREATE TABLE entry (id integer PRIMARY KEY DEFERRABLE, name text)", "entry");
    }

    @Test
    @TopologyFrom("deferrableKey")
    @Behaviour("ri-deferrable-pk-unusable")
    void a_deferrable_primary_key_is_no_identity(Node primary) {
        assertThat(primary).rejects("UPDATE entry SET name = 'changed'").withMessage(NO_UPDATE);
    }
}
