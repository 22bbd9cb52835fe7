package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.lab.check.CheckResult;
import org.pgminicluster.lab.check.CheckedNode;
import org.pgminicluster.lab.check.Finding;
import org.pgminicluster.lab.check.Judgement;
import org.pgminicluster.lab.check.Point;
import org.pgminicluster.lab.lesson.Language;
import org.pgminicluster.lab.lesson.Texts;
import org.pgminicluster.server.Address;

/** What is typed, and how what was found is shown, without a server. */
class CheckCommandTest {

    private static final String TWO = "--node vm1=postgresql://u@h/rep --node vm2=postgresql://u@h:5433/rep ";

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--node vm9=postgresql://u@h/rep | expected the node to be a known one, but was \"vm9\"; did you mean vm1 or"
                        + " vm2 or vm3?",
                "--node vm1=mysql://u@h/rep | expected --node to be like vm1=postgresql://user@host:5432/rep, but was not;"
                        + " write it like that",
                "--node postgresql://u@h/rep | expected --node to be like vm1=postgresql://user@host:5432/rep, but was not;"
                        + " write it like that",
                "--node vm1=postgresql://u@h/r?sslmod=x | expected the parameter of --node to be a known one, but was"
                        + " \"sslmod\"; did you mean sslmode?",
                TWO
                        + "| expected --node to be given for vm1, vm2 and vm3, but vm3 is missing; vm4 alone may be left out",
                TWO + "--node vm1=postgresql://u@i/rep | expected --node vm1 to be given once, but was given 2 times"
            })
    void what_is_not_typed_well_is_told(String line, String message) {
        Cli.Result result = new Cli(directory).run(("check " + line.strip()).split(" "));

        assertThat(result.exit()).isEqualTo(64);
        assertThat(result.err().lines().findFirst()).hasValue("minicluster: " + message);
    }

    @ParameterizedTest
    @CsvSource({"vm1=postgresql://u:secret@h/rep", "vm1=postgresql://u@h/rep?password=secret"})
    void a_password_on_the_command_line_is_refused_and_not_repeated(String node) {
        Cli.Result result = new Cli(directory).run("check", "--node", node);

        assertThat(result.exit()).isEqualTo(64);
        assertThat(result.err())
                .contains("to hold no password, but it holds one")
                .doesNotContain("secret");
    }

    @Test
    void an_address_says_where_and_who() {
        assertThat(NodeUrl.read("vm2=postgresql://some%40one@[::1]:5433/r%C3%A9p?sslmode=require", "secret"))
                .isEqualTo(new CheckedNode(
                        "vm2",
                        new Address("::1", 5433),
                        "some@one",
                        "rép",
                        true,
                        "secret",
                        Map.of("sslmode", "require")))
                .asString()
                .doesNotContain("secret");
        assertThat(NodeUrl.read("vm1=postgres://u@h", null))
                .isEqualTo(new CheckedNode("vm1", new Address("h", 5432), "u", null, false, null, Map.of()));
    }

    @Test
    void without_a_cluster_and_without_nodes_there_is_nothing_to_check() {
        assertThat(new Cli(directory).run("check"))
                .isEqualTo(new Cli.Result(
                        2,
                        "",
                        "minicluster: expected a cluster to be up, but was none; start one with minicluster up\n"));
    }

    private static List<String> lines(Language language, CheckResult result, boolean answers) {
        Terminal terminal = new Terminal(
                new ByteArrayOutputStream(),
                new ByteArrayOutputStream(),
                new ByteArrayInputStream(new byte[0]),
                false,
                false,
                80);
        return new CheckView(terminal, Texts.ofCheck(language)).lines(result, answers, answers);
    }

    private static Point point(Judgement verdict, String id, String... values) {
        return new Point("wal-level", List.of(), List.of(new Finding(verdict, id, List.of(values))));
    }

    @Test
    void only_the_next_steps_and_what_is_wrong_have_hints() {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            points.add(point(Judgement.NOT_YET, "wal-level", "vm" + i, "replica"));
        }
        points.add(point(Judgement.WRONG, "wal-level-not-restarted", "vm9", "replica"));
        points.add(point(Judgement.DONE, "wal-level-done", "vm1"));

        List<String> lines = lines(Language.EN, new CheckResult(points, false, true), false);

        assertThat(lines).filteredOn(line -> line.contains("Hint: ")).hasSize(3);
        assertThat(lines)
                .contains(
                        "WRONG    The publishers write enough into their WAL",
                        "         vm9 is told to use wal_level = logical, and still runs with replica: it",
                        "         More: minicluster explain wal-level",
                        "Points done: 1 of 6. Wrong: 1. Not yet: 4.")
                .noneMatch(line -> line.contains("Answer: "));
        assertThat(lines(Language.EN, new CheckResult(points, false, true), true))
                .filteredOn(line -> line.contains("Answer: "))
                .hasSize(5);
    }

    @ParameterizedTest
    @EnumSource
    void every_text_fits_the_screen(Language language) {
        Texts texts = Texts.ofCheck(language);
        List<Point> points = texts.keys().stream()
                .filter(key -> key.indexOf('.') < 0)
                .map(key -> point(Judgement.WRONG, key, "vm1", "test", "vm2", "x", "y", "z", "w"))
                .toList();

        assertThat(lines(language, new CheckResult(points, true, false), true))
                .hasSizeGreaterThan(200)
                .allSatisfy(
                        line -> assertThat(line).hasSizeLessThanOrEqualTo(80).doesNotContain("{"));
    }
}
