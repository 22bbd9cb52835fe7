package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/**
 * The read-only copies of the homework: guarded against writers, open to replication. What a guard cannot stop is shown
 * too.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-createtrigger.html">CREATE TRIGGER</a>
 */
@MiniClusterTest
@Homework
class ReadOnlyCopyIT {

    private static final String REFUSAL = "Cannot modify table.";
    private static final String READ_ONLY = "25006";

    @Test
    @Behaviour("trg-ordinary-trigger-silent-in-apply")
    void replicated_rows_pass_the_guard_that_stops_a_direct_write(MiniCluster cluster, Node vm1, Node vm2) {
        cluster.awaitSynced();

        vm1.execute("INSERT INTO test VALUES (12, 'from vm1')");

        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(vm2).rejects("INSERT INTO test VALUES (13, 'from vm2')").withMessage(REFUSAL);
        assertThat(vm2).table("test").hasRows(row(12, "from vm1"));
    }

    @Test
    @Behaviour({"trg-statement-fires-on-zero-rows", "trg-truncate-is-own-event"})
    void every_direct_write_is_refused_and_changes_nothing(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, 'from vm1')");
        cluster.awaitReplicated();

        for (String write : List.of(
                "INSERT INTO test VALUES (2, 'direct')",
                "INSERT INTO test VALUES (1, 'direct') ON CONFLICT DO NOTHING",
                "INSERT INTO test SELECT 2, 'no row' WHERE false",
                "UPDATE test SET name = 'direct'",
                "UPDATE test SET name = 'no row' WHERE id = 99",
                "DELETE FROM test",
                "DELETE FROM test WHERE id = 99",
                "WITH gone AS (DELETE FROM test RETURNING *) SELECT * FROM gone",
                "TRUNCATE test",
                "TRUNCATE test CASCADE")) {
            assertThat(vm2).rejects(write).withMessage(REFUSAL).withSqlState(READ_ONLY);
            assertThat(vm3).rejects(write).withMessage(REFUSAL).withSqlState(READ_ONLY);
        }

        assertThat(vm2).table("test").hasRows(row(1, "from vm1"));
        assertThat(vm3).table("test").hasRows(row(1, "from vm1"));
    }

    @Test
    @Behaviour("trg-direct-copy-fires")
    void a_direct_copy_is_refused_even_if_it_brings_no_row(Node vm2) {
        for (String data : List.of("1\tdirect\n", "")) {
            assertThat(vm2)
                    .rejectsCopy("COPY test FROM STDIN", data)
                    .withMessage(REFUSAL)
                    .withSqlState(READ_ONLY);
        }

        assertThat(vm2).table("test").isEmpty();
    }

    @Test
    @Behaviour("trg-truncate-is-own-event")
    void one_guarded_table_saves_all_that_are_truncated_with_it(Node vm2) {
        vm2.execute("INSERT INTO test2 VALUES (1, 'own')");

        assertThat(vm2).rejects("TRUNCATE test2, test").withMessage(REFUSAL).withSqlState(READ_ONLY);

        assertThat(vm2).table("test2").hasRows(row(1, "own"));
    }

    @Test
    @Behaviour("trg-ordinary-trigger-silent-in-apply")
    @RequiresPostgres(min = 11, because = "10 does not replicate TRUNCATE")
    void replicated_updates_deletes_and_truncates_pass_the_guard_too(
            MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        cluster.awaitSynced();

        vm1.execute("INSERT INTO test VALUES (1, 'one'), (2, 'two'), (3, 'three')");
        vm1.execute("UPDATE test SET name = 'zwei' WHERE id = 2");
        vm1.execute("DELETE FROM test WHERE id = 3");
        cluster.awaitReplicated();
        assertThat(vm2).table("test").hasRows(row(1, "one"), row(2, "zwei"));
        assertThat(vm3).table("test").hasRows(row(1, "one"), row(2, "zwei"));

        vm1.execute("TRUNCATE test");

        cluster.awaitReplicated();
        assertThat(vm2).table("test").isEmpty();
        assertThat(vm3).table("test").isEmpty();
    }

    static Topology rowsBeforeTheCopies() {
        return OneWay.of(
                HomeworkTopology.SCHEMA,
                primary -> primary.seed("INSERT INTO test VALUES (1, 'was there before')")
                        .publishes("test_pub", "test"),
                copy -> copy.readOnly("test").subscribes("test_sub", "primary", "test_pub"));
    }

    @Test
    @TopologyFrom("rowsBeforeTheCopies")
    @Behaviour("trg-initial-copy-ordinary-silent")
    void the_initial_copy_passes_the_guard(MiniCluster cluster, Node copy) {
        cluster.awaitSynced();

        assertThat(copy).table("test").hasRows(row(1, "was there before"));
        assertThat(copy).rejects("DELETE FROM test").withMessage(REFUSAL);
    }

    @Test
    @Behaviour("trg-guard-bypassed-by-replica-role")
    void a_superuser_in_replica_role_writes_past_the_guard(Node vm2) {
        try (Session superuser = vm2.session()) {
            superuser.execute("SET session_replication_role = replica");
            superuser.execute("INSERT INTO test VALUES (1, 'past the guard')");
        }

        assertThat(vm2).table("test").hasRows(row(1, "past the guard"));
    }

    @Test
    @Behaviour("trg-guard-bypassed-by-replica-role")
    void an_ordinary_user_may_not_take_the_replica_role(Node vm2) {
        vm2.execute("CREATE ROLE clerk; GRANT ALL ON test TO clerk");

        assertThat(vm2)
                .rejects("SET ROLE clerk; SET session_replication_role = replica")
                .withMessage("permission denied to set parameter \"session_replication_role\"");
        assertThat(vm2)
                .rejects("SET ROLE clerk; INSERT INTO test VALUES (1, 'x')")
                .withMessage(REFUSAL);
    }

    static Topology guardOfTheHomeworkText() {
        return OneWay.of(
                HomeworkTopology.SCHEMA,
                primary -> primary.publishes("test_pub", "test"),
                copy -> copy.schema("""
                        CREATE FUNCTION prevent_modification() RETURNS trigger LANGUAGE plpgsql AS $$
                        BEGIN
                            RAISE EXCEPTION 'Cannot modify table.';
                        END $$;
                        CREATE TRIGGER prevent_modification BEFORE INSERT OR UPDATE OR DELETE ON test
                            FOR EACH STATEMENT EXECUTE PROCEDURE prevent_modification();
                        """).subscribes("test_sub", "primary", "test_pub"));
    }

    @Test
    @TopologyFrom("guardOfTheHomeworkText")
    @Behaviour("trg-truncate-is-own-event")
    @RequiresPostgres(min = 11, because = "10 does not replicate TRUNCATE")
    void a_guard_against_insert_update_and_delete_alone_lets_a_truncate_through(
            MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO test VALUES (1, 'lost')");
        cluster.awaitReplicated();
        assertThat(copy).rejects("DELETE FROM test").withMessage(REFUSAL).withSqlState("P0001");

        copy.execute("TRUNCATE test");

        assertThat(copy).table("test").isEmpty();
        assertThat(primary).table("test").hasRows(row(1, "lost"));
    }

    static Topology guardedPartitionedTable() {
        return OneWay.of(
                """
                CREATE TABLE reading (id integer PRIMARY KEY) PARTITION BY RANGE (id);
                CREATE TABLE reading_low PARTITION OF reading FOR VALUES FROM (0) TO (100);
                """,
                primary -> primary.publishes("pub", "reading"),
                copy -> OneWay.streams("pub").accept(copy.readOnly("reading")));
    }

    @Test
    @TopologyFrom("guardedPartitionedTable")
    @Behaviour("trg-parent-statement-trigger-not-for-leaf-write")
    @RequiresPostgres(min = 13, because = "before, partitioned tables were not published")
    void a_guard_on_a_partitioned_table_does_not_guard_a_partition_without_one_of_its_own(Node copy) {
        copy.execute("DROP TRIGGER read_only_write ON reading_low");
        assertThat(copy).rejects("INSERT INTO reading VALUES (1)").withMessage(REFUSAL);

        copy.execute("INSERT INTO reading_low VALUES (1)");

        assertThat(copy).table("reading").hasRows(row(1));
    }
}
