package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.junit.RequiresServers;
import org.pgminicluster.server.ServerKind;

/** Results of any size pass through the daemon, whose memory has one size. */
@Order(1)
@RequiresServers(value = ServerKind.PROCESS, because = "the daemon passes on the same, whatever servers run in")
class BigResultsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String ROWS = "SELECT i, repeat('x', 1000) FROM generate_series(1, %d) i";

    @TempDir
    static Path directory;

    private static Launcher minicluster;

    @BeforeAll
    static void up() {
        // Half a gigabyte takes a busy machine longer than a statement usually may.
        minicluster = new Launcher(directory)
                .with(
                        "MINICLUSTER_JAVA_OPTS",
                        "-Dminicluster.directory=" + directory + " -Dminicluster.timeout.scale=4");
        Cli.Result up = minicluster.up("--quiet");
        assertThat(up.exit()).as("%s", up).isZero();
    }

    @AfterAll
    static void down() {
        minicluster.run("down");
    }

    /** The number of bytes that it prints, which no test wants to hold either. */
    private static long printed(String... args) throws IOException, InterruptedException {
        Process sql = minicluster.begin(args);
        long count = 0;
        try (InputStream out = sql.getInputStream()) {
            byte[] piece = new byte[1 << 16];
            for (int read = out.read(piece); read >= 0; read = out.read(piece)) {
                count += read;
            }
        }
        assertThat(sql.waitFor()).isZero();
        return count;
    }

    private static void assertTheDaemonIsWell() throws IOException {
        assertThat(minicluster.run("status").exit()).isZero();
        assertThat(minicluster.directory().journal())
                .satisfies(file -> assertThat(Files.size(file)).isLessThan(5_000_000));
        Path status =
                Path.of("/proc/" + minicluster.directory().state().orElseThrow().pid() + "/status");
        if (Files.exists(status)) {
            Matcher most = Pattern.compile("VmHWM:\\s+(\\d+) kB").matcher(Files.readString(status));
            assertThat(most.find()).isTrue();
            // 256 MB of heap, and the JVM itself.
            assertThat(Long.parseLong(most.group(1))).isLessThan(450_000);
        }
    }

    @Test
    void many_great_ones_one_after_the_other() throws Exception {
        for (int i = 0; i < 10; i++) {
            assertThat(printed("sql", "vm1", "-c", String.format(ROWS, 15_000))).isGreaterThan(15_000_000);
        }

        assertTheDaemonIsWell();
        assertThat(Files.readString(minicluster.directory().journal()))
                .contains("\"text\":\"the result above had 15000 rows, of which the journal has the begin alone\"");
        Cli.Result report = minicluster.run("report", "up", "--format", "md", "-o", "-");
        assertThat(report.out()).contains("the result above had 15000 rows, of which the journal has the begin alone");
    }

    @Test
    void one_that_is_greater_than_the_daemon() throws Exception {
        assertThat(printed("sql", "vm1", "--json", "-c", "SELECT repeat('x', 500000000)"))
                .isEqualTo(500_000_000
                        + "{\"kind\":\"rows\",\"rows\":{\"columns\":[\"repeat\"],\"values\":[[\"\"]]}}\n".length());
        assertThat(printed("sql", "vm1", "-c", String.format(ROWS, 300_000) + "; SELECT 1"))
                .isGreaterThan(300_000_000);

        assertTheDaemonIsWell();
    }

    @Test
    void a_value_that_nobody_wants_to_see_whole_is_shortened_and_it_is_said_where_all_of_it_is() throws Exception {
        Cli.Result text = minicluster.run("sql", "vm1", "-c", "SELECT repeat('x', 20000000)");

        assertThat(text.exit()).isZero();
        assertThat(text.out().lines().toList())
                .allSatisfy(line -> assertThat(line).hasSizeLessThan(1_100_000));
        assertThat(text.out()).endsWith("xxx…\n(1 row)\n");
        assertThat(text.err())
                .isEqualTo(
                        "NOTE:  values of more than 1048576 letters end here by …; minicluster sql --json prints all of"
                                + " them\n");
        assertThat(printed("sql", "vm1", "--json", "-c", "SELECT repeat('x', 20000000)"))
                .isGreaterThan(20_000_000);
    }

    @Test
    void who_leaves_in_the_middle_does_no_harm() throws Exception {
        for (String json : List.of("", "--json ")) {
            Path script = Files.writeString(
                    directory.resolve("head.sh"),
                    "./minicluster sql vm1 " + json + "-c 'SELECT generate_series(1, 1000000000)' | head -c 1000");
            assertThat(minicluster.script(script).out()).hasSizeBetween(1000, 1001);
        }

        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(minicluster
                                .run(
                                        "sql",
                                        "vm1",
                                        "--json",
                                        "-c",
                                        "SELECT count(*) FROM pg_stat_activity WHERE query LIKE 'SELECT generate_series%'")
                                .out())
                        .contains("[[\"0\"]]"));
        assertTheDaemonIsWell();
    }

    @Test
    void two_at_once_have_sessions_of_their_own() throws Exception {
        String sql = "SELECT pg_sleep(4), pg_backend_pid()";
        Process one = minicluster.begin("sql", "vm1", "--json", "-c", sql);
        Process other = minicluster.begin("sql", "vm1", "--json", "-c", sql);

        List<String> answers = List.of(text(one), text(other));

        assertThat(answers.stream().map(BigResultsIT::pid))
                .doesNotHaveDuplicates()
                .doesNotContain("");
    }

    private static String text(Process process) throws IOException {
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static String pid(String answer) {
        Matcher pid = Pattern.compile("\\[\\[\"\",\"(\\d+)\"]").matcher(answer);
        return pid.find() ? pid.group(1) : "";
    }
}
