package org.pgminicluster.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.ServerSpec;

class FirstSettingsTest {

    private static final String VERIFIER = "'SCRAM-SHA-256\\$[^']+'";

    @Test
    void the_usual_superuser_and_database_only_need_a_password() {
        assertThat(statements("rep", "postgres"))
                .matches("ALTER ROLE \"postgres\" PASSWORD " + VERIFIER + ";\n\n")
                .doesNotContain("secret");
    }

    @Test
    void another_superuser_is_made_and_owns_the_renamed_database() {
        assertThat(statements("tab'le \"x\"", "адмін"))
                .matches("CREATE ROLE \"адмін\" SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS LOGIN PASSWORD "
                        + VERIFIER + ";\n\n"
                        + "ALTER DATABASE \"rep\" RENAME TO \"tab'le \"\"x\"\"\";\n\n"
                        + "ALTER DATABASE \"tab'le \"\"x\"\"\" OWNER TO \"адмін\";\n\n");
    }

    @Test
    void the_maintenance_database_itself_makes_the_other_one_superfluous() {
        assertThat(statements("postgres", "postgres"))
                .matches("ALTER ROLE \"postgres\" PASSWORD " + VERIFIER + ";\n\nDROP DATABASE \"rep\";\n\n");
    }

    private static String statements(String database, String user) {
        return FirstSettings.statements(
                new ServerSpec("vm1", database, new Credentials(user, "secret"), Map.of(), List.of(), List.of(), 0));
    }
}
