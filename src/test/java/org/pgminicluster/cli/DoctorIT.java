package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the doctor finds, with an engine and without, and what it makes of that. */
@Order(3)
class DoctorIT {

    @TempDir
    Path directory;

    private Launcher withoutEngine() {
        return new Launcher(directory).with("DOCKER_HOST", "unix:///nowhere/docker.sock");
    }

    @Test
    void without_an_engine_processes_will_do() {
        Cli.Result result = withoutEngine().run("doctor", "--servers", "auto");

        assertThat(result.exit()).as("%s", result).isZero();
        assertThat(result.out())
                .startsWith("State  What        Found\n")
                .contains("note   Containers  expected a container engine to be listening at\n")
                .containsPattern("(?m)^ok     Processes   PostgreSQL \\S+ can be started on 127\\.0\\.0\\.1$")
                .containsPattern("(?m)^ok     Cluster     none is up$")
                .endsWith("\nThis machine can run clusters.\n");
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void who_wants_containers_cannot_do_without_an_engine() {
        Cli.Result result = withoutEngine().run("doctor", "--servers", "container", "--json");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.out())
                .startsWith("[{\"what\":\"Java\",\"state\":\"ok\",")
                .contains("{\"what\":\"Containers\",\"state\":\"missing\",\"text\":\"expected a container engine to be"
                        + " listening at unix:///nowhere/docker.sock, but was not (")
                .endsWith("{\"what\":\"Cluster\",\"state\":\"ok\",\"text\":\"none is up\"}]\n");
    }

    @Test
    void results_that_cannot_be_written_are_missing() throws IOException {
        Path file = Files.writeString(directory.resolve("a-file"), "in the way");

        Cli.Result result = withoutEngine()
                .with("MINICLUSTER_JAVA_OPTS", "-Dminicluster.directory=" + file)
                .run("doctor", "--servers", "process");

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.out())
                .containsPattern("(?m)^missing  Results     \\S*")
                .containsPattern("cannot be\\s+written\\s+\\(")
                .endsWith("\nThis machine cannot run such clusters; see what is missing above.\n");
    }

    /** Testcontainers' own helper image cannot be had from here, and waiting for it takes 20 seconds. */
    @Test
    void an_engine_that_keeps_one_waiting_is_told_of_in_time() {
        Launcher slow = new Launcher(directory)
                .with("TESTCONTAINERS_RYUK_DISABLED", "false")
                .with("TESTCONTAINERS_RYUK_CONTAINER_IMAGE", "registry.invalid/ryuk:1");
        slow.run("doctor");
        long begin = System.nanoTime();

        Cli.Result result = slow.run("doctor");

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).as("%s", result).isLessThan(Duration.ofSeconds(10));
        assertThat(result.out()).contains("Containers  expected ");
    }
}
