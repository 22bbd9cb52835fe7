package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever the library advises in Java is advised on the command line in commands. */
class HintsTest {

    /** What the daemon's commands can make the library say; a topology is written in Java. */
    private static final List<String> PACKAGES = List.of(
            "cluster", "server", "relay", "state", "wait", "node", "fault", "standby", "backup", "trace", "wire");

    /** A method that is to be called; what PostgreSQL calls a function is typed on the command line as well. */
    private static final Pattern METHOD = Pattern.compile(
            "(?<![\\w.$])(?!pg_)[a-z][A-Za-z]*\\((?:[a-z]+(?:, [a-z]+)*|\"[^\"]*\", \\.{3})?\\)|say [a-z]+[A-Z]\\w+");

    /** What it is part of, in a message. */
    private static final Pattern ADVICE = Pattern.compile("(?:" + METHOD.pattern() + ")(?: or (?:" + METHOD.pattern()
            + "))?(?: it| NAME)?(?: by itself)?(?: first)?");

    /** For those who write subscriptions in Java or attach servers, which nobody does on the command line. */
    private static final Set<String> OF_JAVA = Set.of("conninfoTo(publisher, name)", "leave out keep()");

    private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");

    static List<String> advice() throws IOException {
        Set<String> found = new TreeSet<>();
        for (String name : PACKAGES) {
            Path directory = Path.of("src/main/java/org/pgminicluster").resolve(name);
            if (Files.isDirectory(directory)) {
                try (Stream<Path> files = Files.walk(directory)) {
                    files.filter(file -> file.toString().endsWith(".java"))
                            .flatMap(file -> texts(file).stream())
                            .filter(text -> METHOD.matcher(text).find())
                            .filter(text -> OF_JAVA.stream().noneMatch(text::contains))
                            .forEach(found::add);
                }
            }
        }
        return List.copyOf(found);
    }

    /** The texts of its statements; what is put into them at run time is a NAME. */
    private static List<String> texts(Path file) {
        List<String> texts = new ArrayList<>();
        String code;
        try {
            code = Files.readString(file)
                    .replaceAll("(?s)\"\"\".*?\"\"\"", "")
                    .replaceAll("(?s)/\\*.*?\\*/", "")
                    .replaceAll("(?m)^\\s*//.*$", "");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        StringBuilder text = new StringBuilder();
        Matcher literal = LITERAL.matcher(code);
        int end = 0;
        while (literal.find()) {
            String between = code.substring(end, literal.start());
            if (between.contains(";") || between.contains("{")) {
                texts.add(text.toString());
                text.setLength(0);
                text.append("NAME");
            } else if (!between.strip().equals("+")) {
                text.append("\u0000NAME\u0000");
            }
            text.append(literal.group(1).replace("\\\"", "\"").replace("\\n", "\n"));
            end = literal.end();
        }
        texts.add(text.toString());
        // Parts of one sentence are words of their own.
        return texts.stream()
                .map(it -> it.replaceAll("(?<=\\w)\u0000(?=NAME)|(?<=NAME)\u0000(?=\\w)", " ")
                        .replace("\u0000", ""))
                .filter(it -> !it.contains("SELECT"))
                .toList();
    }

    @Test
    void there_is_such_advice() throws IOException {
        assertThat(advice()).hasSizeGreaterThan(9).anyMatch(text -> text.contains("resume() it first"));
    }

    @ParameterizedTest
    @MethodSource("advice")
    void the_librarys_advice_is_put_into_commands(String text) {
        Matcher advice = ADVICE.matcher(text);
        List<String> left = new ArrayList<>();
        while (advice.find()) {
            // Some is put together from parts, by a method that begins the sentence.
            String sentence =
                    "expected vm1 to be so, but was not; " + advice.group().replaceAll(" first$", "") + " first";
            if (METHOD.matcher(Hints.inCommands(text)).find()
                    && METHOD.matcher(Hints.inCommands(sentence)).find()) {
                left.add(advice.group());
            }
        }
        assertThat(left).as("what %s has no command for", text).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "expected vm3 to be awake when it is stopped, but was paused; resume() it first"
                        + " | expected vm3 to be awake when it is stopped, but was paused; minicluster fault resume vm3 first",
                "expected vm4 to be ready to take over from vm3, but was not: vm3 still runs and would go on taking rows,"
                        + " kill() or stop() it first; nothing was changed"
                        + " | expected vm4 to be ready to take over from vm3, but was not: vm3 still runs and would go on"
                        + " taking rows, minicluster fault kill vm3 or minicluster fault stop vm3 first; nothing was changed",
                "expected vm1 to limit the WAL that it keeps for slots, but max_slot_wal_keep_size was -1; say limitSlotWal"
                        + " first | expected vm1 to limit the WAL that it keeps for slots, but max_slot_wal_keep_size was"
                        + " -1; minicluster fault limit-wal NODE MEGABYTES first",
                "expected vm3 to have been failed over from when it rejoins, but was not; failOver(\"vm3\", ...) first"
                        + " | expected vm3 to have been failed over from when it rejoins, but was not; minicluster fault"
                        + " failover vm3 STANDBY first",
                "expected link a to be let in, but was cut; heal that fault first | expected link a to be let in, but was"
                        + " cut; minicluster fault heal NUMBER first, which minicluster fault list has",
                "nothing to do with it | nothing to do with it",
            })
    void a_command_names_what_the_message_is_about(String message, String said) {
        assertThat(Hints.inCommands(message)).isEqualTo(said);
    }
}
