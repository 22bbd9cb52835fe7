package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgminicluster.cli.byhand.HandCommand;

class TerminalTest {

    @ParameterizedTest
    @CsvSource({
        "'', '', en_US.UTF-8, true",
        "'', '', de_DE.utf8, true",
        "'', '', C, false",
        "'', '', '', false",
        "C, '', en_US.UTF-8, false",
        "'', C.UTF-8, C, true",
        "'', '', ru_RU.KOI8-R, false"
    })
    void the_locale_says_what_can_be_shown(String all, String ctype, String lang, boolean utf8) {
        assertThat(Terminal.isUtf8(new Properties(), Map.of("LC_ALL", all, "LC_CTYPE", ctype, "LANG", lang)))
                .isEqualTo(utf8);
    }

    @Test
    void the_locale_is_the_callers_and_not_the_one_that_the_launcher_gave_the_jvm() {
        assertThat(Terminal.isUtf8(new Properties(), Map.of("LC_ALL", "C.UTF-8", Terminal.CALLERS_LOCALE, "C")))
                .isFalse();
        assertThat(Terminal.isUtf8(
                        new Properties(),
                        Map.of("LC_ALL", "C.UTF-8", Terminal.CALLERS_LOCALE, "", "LANG", "en_US.UTF-8")))
                .isTrue();
    }

    @Test
    void psql_gets_the_callers_locale() {
        Map<String, String> environment = new HashMap<>(Map.of("LC_ALL", "C.UTF-8", Terminal.CALLERS_LOCALE, "C"));
        Psql.restoreLocale(environment);
        assertThat(environment).isEqualTo(Map.of("LC_ALL", "C"));

        environment.put(Terminal.CALLERS_LOCALE, "");
        Psql.restoreLocale(environment);
        assertThat(environment).isEmpty();

        environment.put("LC_ALL", "ru_RU.KOI8-R");
        Psql.restoreLocale(environment);
        assertThat(environment).isEqualTo(Map.of("LC_ALL", "ru_RU.KOI8-R"));
    }

    @Test
    void ascii_has_lines_and_arrows_and_loses_nothing() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(new DisplayOutput(bytes, false), true, StandardCharsets.UTF_8);

        out.println("┌ vm1 → vm2 ─┐");
        out.print("ф…😀");
        out.flush();

        assertThat(bytes.toString(StandardCharsets.US_ASCII)).isEqualTo("+ vm1 -> vm2 -+\n\\u0444...\\ud83d\\ude00");
    }

    @Test
    void no_control_character_reaches_a_terminal_but_those_of_styles() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(bytes, bytes, InputStream.nullInputStream(), true, true, 80);

        terminal.out().println("a\tb\u001b[31m\r\u007f\u0085ф😀\uFDEF " + terminal.red("red"));
        terminal.err().println("\u0007");

        assertThat(bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo("a\tb\\x1B[31m\\x0D\\u007f\\u0085ф😀\uFDEF \u001b[31mred\u001b[0m\n\\x07\n");
    }

    @Test
    void json_stays_json_whatever_it_holds() throws Exception {
        String value = "\u001b\u007f\u0085\"ф😀";
        for (boolean utf8 : List.of(true, false)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Terminal terminal = Terminal.elsewhere(new Request("", List.of(), 80, false, false, utf8), bytes, bytes);

            terminal.json(List.of(value));
            terminal.out().flush();

            assertThat(bytes.toString(StandardCharsets.UTF_8)).doesNotContain("\u001b", "\u007f", "\u0085");
            assertThat(Printer.JSON.readValue(bytes.toByteArray(), String[].class))
                    .containsExactly(value);
        }
    }

    @ParameterizedTest
    @CsvSource({"true, '', xterm, true", "true, 1, xterm, false", "true, '', dumb, false", "false, '', xterm, false"})
    void colour_is_for_terminals_that_want_it(String attached, String noColor, String term, boolean colour) {
        Properties properties = new Properties();
        properties.setProperty(Terminal.ATTACHED, attached);

        Terminal terminal = Terminal.ofThisProcess(properties, Map.of("NO_COLOR", noColor, "TERM", term));

        assertThat(terminal.hasColour()).isEqualTo(colour);
        assertThat(terminal.red("x")).isEqualTo(colour ? "\uFDD3x\uFDD0" : "x");
    }

    @ParameterizedTest
    @CsvSource({
        "120, 120",
        "40, 40",
        "' 40', 40",
        "'', 80",
        "wide, 80",
        "4e1, 80",
        "0, 80",
        "-1, 80",
        "3, 20",
        "2147483647, 1000",
        "99999999999999999999, 80"
    })
    void the_width_is_what_the_environment_says(String columns, int width) {
        assertThat(Terminal.ofThisProcess(new Properties(), Map.of("COLUMNS", columns))
                        .width())
                .isEqualTo(width);
    }

    @Test
    void what_is_typed_has_the_prompt_of_its_node() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(
                new PrintStream(bytes, true, StandardCharsets.UTF_8),
                System.err,
                InputStream.nullInputStream(),
                false,
                false,
                80);

        terminal.typed(HandCommand.sql("vm1", "SELECT 1"));
        terminal.typed(HandCommand.sql("vm1", "\\password replicator"));
        terminal.typed(HandCommand.shell("docker kill x"));

        assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo("""
                        /* vm1 # */ SELECT 1;
                        /* vm1 # */ \\password replicator
                        $ docker kill x
                        """);
    }
}
