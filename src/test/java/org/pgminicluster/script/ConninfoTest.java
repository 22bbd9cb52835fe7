package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connection strings: written so that libpq reads the same, and read as libpq does. */
class ConninfoTest {

    /** What has a meaning to libpq or to Java, and some that has none. */
    private static final String ALPHABET = "ab1='\\\" \t\n\u000B\f\r\u001C\u0085\u00A0\u2003éшあ😀;,?%$";

    @Test
    void is_written_in_order_with_quotes_where_needed() {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("host", "vm1");
        values.put("port", "5432");
        values.put("dbname", "Rep \"x\"");
        values.put("password", "it's \\ secret");
        values.put("options", "");

        assertThat(new Conninfo(values))
                .hasToString("host=vm1 port=5432 dbname='Rep \"x\"' password='it\\'s \\\\ secret' options=''");
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '|',
            value = {
                "|dbname=rep|, |rep|",
                "|  dbname =  rep  |, |rep|",
                "|dbname='a b'|, |a b|",
                "|dbname=''|, ||",
                "|dbname=|, ||",
                "|dbname=a\\ b|, |a b|",
                "|dbname='it\\'s'|, |it's|",
                "|dbname=a\\\\b|, |a\\b|",
                "|dbname=a'b|, |a'b|",
                "|dbname=a=b|, |a=b|",
                "|host=vm1 dbname=rep port=1|, |rep|"
            })
    void is_read_as_libpq_reads_it(String text, String database) {
        assertThat(Conninfo.parse(text).get("dbname")).contains(database);
    }

    @Test
    void nothing_is_read_from_nothing() {
        assertThat(Conninfo.parse("  ").values()).isEmpty();
        assertThat(Conninfo.parse("host=vm1").get("port")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"postgresql://me:secret@vm1/rep", "host=vm1 secret", "secret"})
    void what_is_not_pairs_is_refused_without_being_repeated_since_it_may_hold_a_password(String text) {
        assertThatThrownBy(() -> Conninfo.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a connection string to be keyword=value pairs, but no = follows character "
                        + (text.lastIndexOf(' ') + 1));
    }

    @Test
    void an_open_quote_is_refused() {
        assertThatThrownBy(() -> Conninfo.parse("host='vm1"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("expected a closing quote at the end of a connection string");
    }

    @Test
    void a_value_is_replaced_where_it_stands() {
        Conninfo conninfo = Conninfo.parse("host=vm1 port=5432");

        assertThat(conninfo.with("host", "vm2").with("dbname", "rep")).hasToString("host=vm2 port=5432 dbname=rep");
        assertThat(conninfo).hasToString("host=vm1 port=5432");
    }

    @Test
    void whoever_does_not_check_the_servers_name_is_led_to_another_host_and_back() {
        Conninfo direct = Conninfo.parse("host=127.0.0.1 port=5433 dbname=rep");
        Conninfo led = direct.ledTo("172.17.0.1", "40000");

        assertThat(led).hasToString("host=172.17.0.1 port=40000 dbname=rep");
        assertThat(led.address()).contains("172.17.0.1");
        assertThat(led.ledAs(direct)).isEqualTo(direct);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host=vm1 port=5432 dbname=rep sslmode=verify-full",
                "host=vm1 hostaddr=127.0.0.1 port=5433 dbname=rep sslmode=verify-full"
            })
    void whoever_checks_the_servers_name_expects_the_same_one_at_another_address(String text) {
        Conninfo direct = Conninfo.parse(text);
        Conninfo led = direct.ledTo("172.17.0.1", "40000");

        assertThat(led.get("host")).contains("vm1");
        assertThat(led.address()).contains("172.17.0.1");
        assertThat(led.get("port")).contains("40000");
        assertThat(led.ledAs(direct)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 42})
    void whatever_is_written_is_read_back(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            Map<String, String> values = new LinkedHashMap<>();
            for (String keyword : new String[] {"host", "dbname", "application_name"}) {
                values.put(keyword, text(random));
            }
            Conninfo written = new Conninfo(values);

            assertThat(Conninfo.parse(written.toString()))
                    .as(written.toString())
                    .isEqualTo(written);
        }
    }

    private static String text(Random random) {
        int[] letters = ALPHABET.codePoints().toArray();
        StringBuilder text = new StringBuilder();
        for (int length = random.nextInt(8); length > 0; length--) {
            text.appendCodePoint(letters[random.nextInt(letters.length)]);
        }
        return text.toString();
    }
}
