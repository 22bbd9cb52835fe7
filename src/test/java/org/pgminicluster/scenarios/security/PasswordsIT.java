package org.pgminicluster.scenarios.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.Session;

/**
 * Where passwords are, and where they leak to.
 *
 * @see <a href="https://www.postgresql.org/docs/13/auth-password.html">Password Authentication</a>
 * @see <a href="https://www.postgresql.org/docs/13/libpq-pgpass.html">The Password File</a>
 */
@MiniClusterTest
class PasswordsIT {

    private static final String VERIFIERS = "SELECT bool_and(rolpassword LIKE 'SCRAM-SHA-256$%') FROM pg_authid"
            + " WHERE rolcanlogin AND rolpassword IS NOT NULL";

    @Test
    @Behaviour("role-scram-before-roles")
    void every_role_has_a_scram_verifier_since_that_was_set_before_roles_were_made(
            MiniCluster cluster, @Homework Node vm1) {
        for (Node node : cluster.nodes()) {
            assertThat(node).query(VERIFIERS).hasValue(true);
            assertThat(node)
                    .query("SELECT count(*) >= 1 FROM pg_authid WHERE rolpassword IS NOT NULL")
                    .hasValue(true);
        }
        vm1.execute("SET password_encryption = md5; CREATE ROLE too_early LOGIN PASSWORD 'secret';"
                + " RESET password_encryption");
        assertThat(vm1)
                .query("SELECT left(rolpassword, 3) FROM pg_authid WHERE rolname = 'too_early'")
                .as("a role made before keeps what it has")
                .hasValue("md5");
        assertThat(vm1).query(VERIFIERS).hasValue(false);
    }

    @Test
    @Behaviour("role-conninfo-hidden")
    @RequiresPostgres(min = 11, because = "10 words it otherwise")
    void who_is_not_a_superuser_sees_a_subscription_but_not_how_it_connects(@Homework Node vm3) {
        vm3.execute("CREATE ROLE reader IN ROLE pg_monitor");
        try (Session session = vm3.session()) {
            session.execute("SET ROLE reader");
            assertThat(session.query("SELECT subname FROM pg_subscription ORDER BY 1")
                            .column())
                    .containsExactly("vm3_test2_sub", "vm3_test_sub");
        }
        assertThat(vm3)
                .rejects("SET ROLE reader; SELECT subconninfo FROM pg_subscription")
                .withSqlState("42501")
                .withMessage("permission denied for table pg_subscription");
    }

    @Test
    @RequiresPostgres(max = 18, because = "it has been seen on these only")
    @Behaviour("role-failed-subscription-logs-password")
    void a_create_subscription_that_fails_leaves_its_password_in_the_log_unless_it_is_in_a_passfile(
            MiniCluster cluster, @Homework Node vm1, Node vm3) {
        String withPassword = create("host=127.0.0.1 port=1 dbname=rep user=replicator_vm3 password=open-sesame");

        ServerLog.Mark mark = vm3.log().mark();
        assertThat(vm3).rejects(withPassword).withMessageContaining("could not connect to the publisher");
        cluster.awaitLog(vm3, mark, "password=open-sesame");

        ServerLog.Mark quiet = vm3.log().mark();
        try (Session session = vm3.session()) {
            session.execute("SET log_min_error_statement = panic");
            session.execute("SET log_statement = none");
            assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> session.execute(withPassword)))
                    .hasMessageContaining("could not connect to the publisher");
        }
        // The same with a passfile, and as a marker behind what should not have been logged.
        assertThat(vm3)
                .rejects(create(vm3.conninfoTo(vm1, "again").replace("dbname=rep", "dbname=none")))
                .withMessageContaining("database \"none\" does not exist");
        cluster.awaitLog(vm3, quiet, "STATEMENT:  CREATE SUBSCRIPTION again");
        assertThat(vm3.log().since(quiet))
                .contains("passfile=")
                .doesNotContain("open-sesame")
                .doesNotContain("password=");
    }

    private static String create(String conninfo) {
        return "CREATE SUBSCRIPTION again CONNECTION '" + conninfo + "' PUBLICATION test_pub";
    }
}
