package org.pgminicluster.scenarios.ha;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.Shared;
import org.pgminicluster.junit.TopologyFrom;

/**
 * What the hot standby vm4 answers and what it refuses. Nothing here changes what is on the nodes, so one cluster serves
 * all.
 *
 * @see <a href="https://www.postgresql.org/docs/13/hot-standby.html">Hot Standby</a>
 */
@MiniClusterTest
@Shared
@TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withStandby")
@RequiresStandbys
class StandbyReadsIT {

    private static final String READ_ONLY = "25006";

    @BeforeAll
    static void rowsFromBothPublishers(MiniCluster cluster, Node vm1, Node vm2, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, 'from vm1')");
        vm2.execute("INSERT INTO test2 VALUES (2, 'from vm2')");
        vm3.execute("CREATE TABLE own (id integer GENERATED ALWAYS AS IDENTITY, note text)");
        vm3.execute("INSERT INTO own (note) VALUES ('made on vm3')");
        cluster.awaitReplicated();
    }

    @Test
    @Behaviour({"phys-streams-and-cascades", "phys-everything-replicated-incl-ddl"})
    void it_has_the_rows_of_both_publishers_and_what_only_vm3_has_tables_included(Node vm4) {
        assertThat(vm4).table("test").hasRows(row(1, "from vm1"));
        assertThat(vm4).table("test2").hasRows(row(2, "from vm2"));
        assertThat(vm4).table("own").hasRows(row(1, "made on vm3"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "INSERT INTO own (note) VALUES ('here')",
                "UPDATE own SET note = 'here' WHERE false",
                "DELETE FROM own WHERE false",
                "TRUNCATE own",
                "SELECT nextval('own_id_seq')",
                "SELECT * FROM own FOR UPDATE",
                "DO 'BEGIN LOCK TABLE own; END'",
                "CREATE TABLE another (id integer)",
                "CREATE TEMPORARY TABLE another (id integer)",
                "ALTER TABLE own ADD COLUMN more text",
                "DROP TABLE own",
                "GRANT SELECT ON own TO PUBLIC",
                "ALTER SUBSCRIPTION vm3_test_sub DISABLE",
                "DROP SUBSCRIPTION vm3_test_sub",
                "VACUUM own",
                "NOTIFY somebody"
            })
    @Behaviour({"phys-read-only", "phys-forbidden-commands"})
    void it_refuses_every_write_even_of_a_superuser_and_even_of_no_row(String write, Node vm4) {
        assertThat(vm4).rejects(write).withSqlState(READ_ONLY);
    }

    @Test
    @Behaviour("phys-read-only")
    void it_refuses_rows_by_copy_and_lets_nobody_out_of_read_only(Node vm4) {
        assertThat(vm4)
                .rejectsCopy("COPY own (note) FROM STDIN", "here\n")
                .withSqlState(READ_ONLY)
                .withMessageContaining("cannot execute COPY");
        assertThat(vm4)
                .rejects("BEGIN; SET TRANSACTION READ WRITE")
                .withMessage("cannot set transaction read-write mode during recovery");
        vm4.execute("ROLLBACK");
    }

    @Test
    @Behaviour("phys-serializable-refused")
    void it_cannot_read_serializably(Node vm4) {
        assertThat(vm4)
                .rejects("BEGIN ISOLATION LEVEL SERIALIZABLE; SELECT 1")
                .withMessage("cannot use serializable mode in a hot standby");
        vm4.execute("ROLLBACK");
    }

    @Test
    @Behaviour("phys-allowed-commands")
    void it_answers_reads_of_every_other_kind(Node vm4) {
        assertThat(vm4.query("WITH t AS (SELECT * FROM test JOIN test2 ON true) SELECT count(*) FROM t")
                        .number())
                .isEqualTo(1);
        vm4.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SAVEPOINT s; DECLARE c CURSOR FOR TABLE own; FETCH c;"
                + " ROLLBACK TO s; COMMIT");
        vm4.execute(
                "PREPARE p AS SELECT 1; DEALLOCATE p; SELECT pg_advisory_lock(1), pg_advisory_unlock(1); CHECKPOINT");
    }

    @Test
    @Behaviour("phys-subscription-dormant-on-standby")
    void it_has_the_subscriptions_of_vm3_and_runs_none_of_them(Node vm3, Node vm4) {
        String subscriptions = "SELECT subname, subenabled, subslotname FROM pg_subscription";
        assertThat(vm4.query(subscriptions)).isEqualTo(vm3.query(subscriptions));
        assertThat(vm3).query("SELECT count(pid) FROM pg_stat_subscription").hasValue(2);
        assertThat(vm4).query("SELECT count(pid) FROM pg_stat_subscription").hasValue(0);
    }

    @Test
    @Behaviour("fo-subscriber-standby-resumes")
    void it_knows_how_far_vm3_has_come_with_each_subscription(MiniCluster cluster, Node vm3, Node vm4) {
        String progress = "SELECT external_id, remote_lsn FROM pg_replication_origin_status ORDER BY 1";
        cluster.awaitReplicated();
        assertThat(vm4.query(progress)).isEqualTo(vm3.query(progress));
        assertThat(vm4.query(progress).size()).isEqualTo(2);
    }

    @Test
    void how_it_follows_is_to_be_seen_on_both_and_names_no_password(MiniCluster cluster, Node vm3, Node vm4) {
        assertThat(vm3)
                .query("SELECT application_name, usename, state, sync_state FROM pg_stat_replication")
                .hasRows(row("vm4", "standby_vm4", "streaming", "async"));
        assertThat(vm3)
                .query("SELECT slot_name, slot_type, active FROM pg_replication_slots")
                .hasRows(row("vm4", "physical", true));
        assertThat(vm4)
                .query("SELECT status, slot_name FROM pg_stat_wal_receiver")
                .hasRows(row("streaming", "vm4"));
        assertThat(vm4).query("SHOW primary_slot_name").hasValue("vm4");
        assertThat(vm4.query("SHOW primary_conninfo").value())
                .contains("application_name=vm4", "user=standby_vm4", "passfile=")
                .doesNotContain("password=");
    }

    @Test
    @Behaviour("phys-no-logical-slot-on-standby")
    @RequiresPostgres(max = 15, because = "from 16 on a standby decodes too")
    void nobody_can_subscribe_to_it(Node vm4) {
        assertThat(vm4)
                .rejects("SELECT pg_create_logical_replication_slot('here', 'pgoutput')")
                .withSqlState("55000");
    }
}
