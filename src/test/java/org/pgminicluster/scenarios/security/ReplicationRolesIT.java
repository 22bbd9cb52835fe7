package org.pgminicluster.scenarios.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresProgram;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.server.ProgramRun;

/**
 * What the roles that nodes use among themselves may and may not do, tried with their own logins: {@code psql} on the
 * subscriber takes the password from where the server itself takes it.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-security.html">Logical Replication Security</a>
 */
@MiniClusterTest
@RequiresProgram("psql")
@TopologyFrom("org.pgminicluster.topology.HomeworkTopology#withStandby")
@RequiresStandbys
class ReplicationRolesIT {

    /** Each statement on its own, one after the other, whatever became of the last. */
    private static ProgramRun attempt(Node from, Conninfo conninfo, Stream<String> statements) {
        List<String> arguments = new ArrayList<>(
                List.of("--no-psqlrc", "--no-password", "--tuples-only", "--no-align", "--dbname=" + conninfo));
        statements.forEach(statement -> arguments.add("--command=" + statement));
        return from.program("psql", arguments.toArray(String[]::new));
    }

    private static Conninfo login(Node from, Node to) {
        return Conninfo.parse(from.conninfoTo(to, "attempt"));
    }

    @Test
    @Behaviour("role-subscriber-can-only-read-and-replicate")
    @RequiresPostgres(min = 11, because = "10 words it otherwise")
    void a_subscribers_role_may_read_what_is_published_and_nothing_else(Node vm1, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, 'published')");
        vm1.execute("CREATE TABLE secret (id integer)");
        List<Row> attempts = List.of(
                row("SELECT name FROM test", ""),
                row("INSERT INTO test VALUES (2, 'x')", "permission denied for table test"),
                row("UPDATE test SET name = 'x'", "permission denied for table test"),
                row("DELETE FROM test", "permission denied for table test"),
                row("TRUNCATE test", "permission denied for table test"),
                row("SELECT * FROM test2", "permission denied for table test2"),
                row("SELECT * FROM secret", "permission denied for table secret"),
                row("SELECT rolpassword FROM pg_authid", "permission denied for table pg_authid"),
                row("SELECT subconninfo FROM pg_subscription", "permission denied for table pg_subscription"),
                row("SELECT pg_read_file('PG_VERSION')", "permission denied for function pg_read_file"),
                row("ALTER PUBLICATION test_pub ADD TABLE secret", "must be owner of publication test_pub"),
                row("CREATE PUBLICATION mine FOR TABLE test", "permission denied for database rep"),
                row("CREATE ROLE friend", "permission denied to create role"),
                row("SET session_replication_role = replica", "permission denied to set parameter"));

        ProgramRun run = attempt(vm3, login(vm3, vm1), attempts.stream().map(attempt -> attempt.text(0)));

        assertThat(run.output().strip()).as("the one that passes").isEqualTo("published");
        List<String> refusals = attempts.stream()
                .map(attempt -> String.valueOf(attempt.text(1)))
                .filter(text -> !text.isEmpty())
                .toList();
        List<String> errors =
                run.errors().lines().filter(line -> line.startsWith("ERROR")).toList();
        assertThat(errors).hasSameSizeAs(refusals);
        for (int i = 0; i < errors.size(); i++) {
            assertThat(errors.get(i)).startsWith("ERROR:  " + refusals.get(i));
        }
    }

    @Test
    @Behaviour("role-replication-may-drop-slots-of-others")
    void a_subscribers_role_may_make_slots_and_drop_those_of_others_unless_they_are_in_use(Node vm1, Node vm3) {
        vm1.query("SELECT pg_create_logical_replication_slot('of_somebody_else', 'pgoutput')");

        ProgramRun run = attempt(
                vm3,
                login(vm3, vm1),
                Stream.of(
                        "SELECT slot_name FROM pg_create_logical_replication_slot('mine', 'pgoutput')",
                        "SELECT pg_drop_replication_slot('mine')",
                        "SELECT pg_drop_replication_slot('of_somebody_else')",
                        "SELECT pg_drop_replication_slot('test_sub')"));

        assertThat(run.errors()).contains("replication slot \"test_sub\" is active for PID");
        assertThat(vm1).slot("of_somebody_else").isAbsent();
        assertThat(vm1).slot("mine").isAbsent();
        assertThat(vm1).slot("test_sub").exists();
    }

    @Test
    @RequiresPostgres(max = 14, because = "since 15 nobody but its owner may create in schema public")
    @Behaviour("role-public-schema-open-to-create")
    void everybody_may_create_tables_in_schema_public_until_that_is_revoked(Node vm1, Node vm3) {
        assertThat(attempt(vm3, login(vm3, vm1), Stream.of("CREATE TABLE mine (id integer)"))
                        .errors())
                .isEmpty();

        vm1.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");

        assertThat(attempt(vm3, login(vm3, vm1), Stream.of("CREATE TABLE mine2 (id integer)"))
                        .errors())
                .contains("permission denied for schema public");
    }

    @Test
    @Behaviour({"role-physical-only-by-its-own-line", "role-hba-plain-database-line"})
    void only_a_standbys_role_is_let_in_for_physical_replication_and_only_on_its_primary(
            MiniCluster cluster, Node vm1, Node vm3, Node vm4) {
        cluster.awaitReplicated();
        Conninfo subscriber = login(vm3, vm1).with("replication", "true");
        assertThat(attempt(vm3, subscriber, Stream.of("IDENTIFY_SYSTEM")).errors())
                .contains("no pg_hba.conf entry for replication connection");

        Conninfo standby = login(vm4, vm3).with("user", "standby_vm4");
        assertThat(attempt(vm4, standby.with("replication", "true"), Stream.of("IDENTIFY_SYSTEM"))
                        .output())
                .contains("|1|");
        assertThat(attempt(vm4, standby, Stream.of("SELECT * FROM test")).errors())
                .as("it has all files by replication, but no right to a table")
                .contains("permission denied for table test");
        Conninfo elsewhere = login(vm4, vm1).with("user", "standby_vm4");
        assertThat(attempt(vm4, elsewhere.with("replication", "true"), Stream.of("IDENTIFY_SYSTEM"))
                        .errors())
                .contains("no pg_hba.conf entry for replication connection");
        assertThat(attempt(vm4, elsewhere, Stream.of("SELECT 1")).errors())
                .contains("password authentication failed for user \"standby_vm4\"");
    }
}
