package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The lesson and a problem from the outside: told, recorded, reported. */
@Order(3)
class LabCommandsIT {

    @TempDir
    Path directory;

    @Test
    void the_lesson_ends_with_a_report_that_can_be_drawn_again() {
        Launcher minicluster = new Launcher(directory);

        Cli.Result demo = minicluster.run("demo", "--servers", Launcher.kind());

        assertThat(demo.exit()).as("%s", demo).isZero();
        assertThat(demo.out())
                .contains("\nEverything was as expected.\n")
                .containsPattern("\nReport: " + directory + "/\\d{8}-\\d{6}-demo/report.html\n$");
        assertThat(directory.resolve("latest/report.html")).isNotEmptyFile();
        assertThat(directory.resolve("latest/report.md"))
                .content()
                .contains("minicluster demo --servers " + Launcher.kind());
        assertThat(minicluster.run("report", "demo", "--lang", "ru").exit()).isZero();
    }

    @Test
    void a_problem_is_told_in_russian() {
        Cli.Result run =
                new Launcher(directory).run("run", "slot-name-clash", "--lang", "ru", "--servers", Launcher.kind());

        assertThat(run.exit()).as("%s", run).isZero();
        assertThat(run.out())
                .contains("slot-name-clash: Два подписчика с одинаковым именем подписки\n")
                .contains("replication slot \"test_sub\" already exists")
                .contains("\nВсё произошло так, как ожидалось.\n");
    }

    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void an_interrupted_lesson_says_so_and_leaves_no_server(String signal, int exit) throws Exception {
        assumeFalse(signal.equals("INT") && Signals.isInterruptIgnored(), "SIGINT is ignored by all that is started");
        Path data = Files.createDirectory(directory.resolve("data"));
        Process demo = new Launcher(directory)
                .with("MINICLUSTER_JAVA_OPTS", "-Dminicluster.directory=" + directory + " -Dminicluster.tmp=" + data)
                .begin("demo", "--servers", Launcher.kind());
        String out;
        try (var lines = demo.inputReader(StandardCharsets.UTF_8)) {
            assertThat(lines.readLine()).startsWith("The homework: ");
            // It makes the data directories now, or the containers.
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> Launcher.kind().equals("container")
                            || !Signals.entries(data).isEmpty());
            Signals.send(signal, demo);
            out = lines.lines().collect(Collectors.joining("\n"));
            demo.waitFor();
        }

        assertThat(demo.exitValue()).isEqualTo(exit);
        assertThat(Files.readString(directory.resolve("stderr"))).isEqualTo("minicluster: interrupted\n");
        assertThat(out).doesNotContain("expected", "Exception");
        assertThat(Signals.entries(data)).noneMatch(name -> name.startsWith("run-"));
        assertThat(Signals.processesThatName(data)).isEmpty();
        assertThat(Signals.containersOf(demo.pid())).isEmpty();
    }
}
