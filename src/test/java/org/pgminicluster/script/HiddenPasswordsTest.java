package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HiddenPasswordsTest {

    private final HiddenPasswords passwords = new HiddenPasswords();

    private String create(String password) {
        Conninfo conninfo = Conninfo.parse("host=vm1 user=replicator_vm3")
                .with("password", passwords.nameOf("replicator_vm3", "vm1", password))
                .with("application_name", "s");
        return "CREATE SUBSCRIPTION s CONNECTION " + Sql.literal(conninfo.toString()) + " PUBLICATION p";
    }

    @Test
    void a_statement_shows_a_name_and_is_sent_with_the_password() {
        String sql = create("secret");

        assertThat(sql)
                .isEqualTo("CREATE SUBSCRIPTION s CONNECTION 'host=vm1 user=replicator_vm3"
                        + " password=<password-of-replicator_vm3> application_name=s' PUBLICATION p");
        assertThat(passwords.hide(sql)).isEqualTo(sql);
        assertThat(passwords.reveal(sql))
                .isEqualTo("CREATE SUBSCRIPTION s CONNECTION 'host=vm1 user=replicator_vm3 password=secret"
                        + " application_name=s' PUBLICATION p");
    }

    @ParameterizedTest
    @ValueSource(strings = {"it's", "two words", "back\\slash", "a=b", "'", "$1", "\"quoted\""})
    void a_password_of_any_letters_comes_as_it_is(String password) {
        String sent = passwords.reveal(create(password));
        int begin = sent.indexOf('\'') + 1;
        String literal = sent.substring(begin, sent.indexOf("' PUBLICATION")).replace("''", "'");

        assertThat(Conninfo.parse(literal).get("password")).contains(password);
        assertThat(Conninfo.parse(literal).get("application_name")).contains("s");
    }

    @Test
    void the_same_role_may_have_another_password_on_another_node() {
        assertThat(passwords.nameOf("repl", "vm1", "one")).isEqualTo("<password-of-repl>");
        assertThat(passwords.nameOf("repl", "vm2", "two")).isEqualTo("<password-of-repl-on-vm2>");
        assertThat(passwords.nameOf("repl", "vm3", "one")).isEqualTo("<password-of-repl>");
        assertThat(passwords.reveal("<password-of-repl> <password-of-repl-on-vm2>"))
                .isEqualTo("one two");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host=vm1 password=by-hand port=1",
                "host=vm1 password = by-hand",
                "password='by-hand of mine' host=vm1",
                "CREATE SUBSCRIPTION s CONNECTION 'password=by-hand host=vm1'",
                "CREATE SUBSCRIPTION s CONNECTION 'password=''by-hand'' host=vm1'",
                "postgresql://somebody:by-hand@vm1:5432/rep"
            })
    void what_somebody_typed_is_hidden_too_and_found_again(String text) {
        String hidden = passwords.hide(text);

        assertThat(hidden).doesNotContain("by-hand").contains("<password-1>");
        assertThat(passwords.hide(hidden)).isEqualTo(hidden);
        assertThat(passwords.toString()).doesNotContain("by-hand");
    }

    @Test
    void what_was_read_from_a_catalog_goes_back_as_it_was() {
        Conninfo read = Conninfo.parse(passwords.hide("host=vm1 password='by hand' port=1"));

        assertThat(passwords.reveal("ALTER SUBSCRIPTION s CONNECTION " + Sql.literal(read.toString())))
                .isEqualTo("ALTER SUBSCRIPTION s CONNECTION 'host=vm1 password=''by hand'' port=1'");
    }

    @Test
    void other_clusters_have_none() {
        String text = "password=by-hand <password-1>";

        assertThat(HiddenPasswords.NONE.hide(text)).isEqualTo(text);
        assertThat(HiddenPasswords.NONE.reveal(text)).isEqualTo(text);
    }
}
