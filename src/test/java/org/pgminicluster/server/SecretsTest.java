package org.pgminicluster.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Passwords: random, and in no text that might be printed. */
class SecretsTest {

    @Test
    void passwords_are_random_and_need_no_quotes_anywhere() {
        Set<String> passwords = new HashSet<>();
        for (int i = 0; i < 1000; i++) {
            passwords.add(Passwords.random());
        }

        assertThat(passwords).hasSize(1000).allMatch(password -> password.matches("[A-Za-z0-9_-]{24}"));
    }

    @Test
    void a_verifier_does_not_hold_the_password_and_is_salted() {
        String password = Passwords.random();

        String verifier = Passwords.scramVerifier(password);

        assertThat(verifier)
                .startsWith("SCRAM-SHA-256$1:")
                .doesNotContain(password)
                .isNotEqualTo(Passwords.scramVerifier(password));
    }

    @Test
    void credentials_print_the_role_alone() {
        assertThat(new Credentials("postgres", "topsecret")).hasToString("postgres");
    }

    @Test
    void a_server_is_described_without_the_passwords_it_is_given() {
        ServerSpec spec = new ServerSpec(
                "vm1",
                "rep",
                new Credentials("postgres", "topsecret"),
                Map.of("fsync", "off"),
                List.of("host all all all scram-sha-256"),
                List.of("*:*:*:replicator_vm1:topsecret"),
                0);

        assertThat(spec).hasToString("ServerSpec[name=vm1, database=rep, settings={fsync=off}]");
    }
}
