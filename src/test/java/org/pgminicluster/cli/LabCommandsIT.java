package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
                .contains("slot-name-clash: Два подписчика, одно имя подписки\n")
                .contains("replication slot \"test_sub\" already exists")
                .contains("\nВсё произошло так, как ожидалось.\n");
    }
}
