package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/**
 * Which rules of the subscriber's table bind replicated rows: constraints do, but for foreign keys, which are triggers;
 * rewrite rules don't.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-conflicts.html">Conflicts</a>
 */
@MiniClusterTest
@TopologyFrom("oneTable")
class ConstraintsIT {

    static Topology oneTable() {
        return OneWay.of("CREATE TABLE item (id integer PRIMARY KEY, name text, price integer)", "item");
    }

    /** Each is met by the row (1, 'one', 5) and broken by (100, NULL, 5) after it. */
    enum Rule {
        CHECK(
                "ALTER TABLE item ADD CONSTRAINT rule CHECK (id < 100)",
                "new row for relation \"item\" violates check constraint \"rule\"",
                "ALTER TABLE item DROP CONSTRAINT rule"),
        NOT_NULL(
                "ALTER TABLE item ALTER name SET NOT NULL",
                "violates not-null constraint",
                "ALTER TABLE item ALTER name DROP NOT NULL"),
        UNIQUE(
                "ALTER TABLE item ADD CONSTRAINT rule UNIQUE (price)",
                "\"rule\"",
                "ALTER TABLE item DROP CONSTRAINT rule"),
        EXCLUDE(
                "ALTER TABLE item ADD CONSTRAINT rule EXCLUDE (price WITH =)",
                "conflicting key value violates exclusion constraint \"rule\"",
                "ALTER TABLE item DROP CONSTRAINT rule"),
        PARTITION(
                "CREATE TABLE items (LIKE item) PARTITION BY RANGE (id);"
                        + "ALTER TABLE items ATTACH PARTITION item FOR VALUES FROM (0) TO (100)",
                "new row for relation \"item\" violates partition constraint",
                "ALTER TABLE items DETACH PARTITION item");

        private final String sql;
        private final String violation;
        private final String undo;

        Rule(String sql, String violation, String undo) {
            this.sql = sql;
            this.violation = violation;
            this.undo = undo;
        }
    }

    @ParameterizedTest
    @EnumSource
    @Behaviour("con-check-notnull-unique-enforced")
    void a_replicated_row_that_breaks_a_constraint_of_the_copy_stops_apply(
            Rule rule, MiniCluster cluster, Node primary, Node copy) {
        copy.execute(rule.sql);
        primary.execute("INSERT INTO item VALUES (1, 'one', 5)");
        cluster.awaitReplicated();
        ServerLog.Mark mark = copy.log().mark();

        primary.execute("INSERT INTO item VALUES (100, NULL, 5)");

        cluster.awaitLog(copy, mark, rule.violation);
        assertThat(copy).table("item").hasRows(row(1, "one", 5));
        copy.execute(rule.undo);
        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(1, "one", 5), row(100, null, 5));
    }

    static Topology foreignKey() {
        return OneWay.of("""
                CREATE TABLE parent (id integer PRIMARY KEY);
                CREATE TABLE child (id integer PRIMARY KEY, parent integer REFERENCES parent);
                """, "child");
    }

    @Test
    @TopologyFrom("foreignKey")
    @Behaviour("con-fk-not-enforced-in-apply")
    void a_replicated_row_may_be_an_orphan_where_a_direct_one_may_not(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO parent VALUES (7); INSERT INTO child VALUES (1, 7)");

        cluster.awaitReplicated();
        assertThat(copy).table("parent").isEmpty();
        assertThat(copy).table("child").hasRows(row(1, 7));
        assertThat(copy)
                .rejects("INSERT INTO child VALUES (2, 7)")
                .withMessage(
                        "insert or update on table \"child\" violates foreign key constraint \"child_parent_fkey\"");
    }

    @Test
    @Behaviour("con-rules-do-not-fire")
    void a_replicated_row_passes_a_rewrite_rule_that_swallows_direct_ones(
            MiniCluster cluster, Node primary, Node copy) {
        copy.execute("CREATE RULE swallow AS ON INSERT TO item DO INSTEAD NOTHING");
        copy.execute("INSERT INTO item VALUES (1, 'direct', 5)");

        primary.execute("INSERT INTO item VALUES (2, 'replicated', 5)");

        cluster.awaitReplicated();
        assertThat(copy).table("item").hasRows(row(2, "replicated", 5));
    }

    @Test
    @Behaviour("trg-direct-copy-fires")
    void a_direct_copy_passes_a_rewrite_rule_but_no_constraint(Node copy) {
        copy.execute("CREATE RULE swallow AS ON INSERT TO item DO INSTEAD NOTHING");
        copy.execute("ALTER TABLE item ADD CONSTRAINT rule CHECK (id < 100)");

        copy.copyIn("COPY item FROM STDIN", "1\tcopied\t5\n");

        assertThat(copy).table("item").hasRows(row(1, "copied", 5));
        assertThat(copy).rejectsCopy("COPY item FROM STDIN", "100\tcopied\t5\n").withSqlState("23514");
    }
}
