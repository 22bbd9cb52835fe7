package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A homework with all that belongs to it, checked from the outside: of the cluster that is up, and by its addresses. */
@Order(2)
class CheckCommandIT {

    @TempDir
    Path directory;

    private Launcher minicluster;

    @BeforeEach
    void launcher() {
        minicluster = new Launcher(directory);
    }

    @AfterEach
    void down() {
        minicluster.run("down");
    }

    @Test
    void a_finished_homework_is_done_however_it_is_reached() throws IOException {
        Cli.Result up = minicluster.up("--standby", "--quiet");
        assertThat(up.exit()).as("%s", up).isZero();

        Cli.Result none = minicluster.run("check", "--lang", "ru");
        assertThat(none.out())
                .contains("Копия test2 на vm1 доступна только для чтения")
                .contains("Отчёт: ")
                .doesNotContain("{");
        minicluster.run("sql", "vm1", "-c", "INSERT INTO test VALUES (1, 'one')");
        minicluster.run("sql", "vm2", "-c", "INSERT INTO test2 VALUES (2, 'two')");
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertDone(minicluster.run("check", "--json")));

        List<String> args = new ArrayList<>(List.of("check", "--json"));
        for (JsonNode node :
                Printer.JSON.readTree(minicluster.run("status", "--json").out()).get("nodes")) {
            args.add("--node");
            args.add(node.get("name").asText() + "=postgresql://postgres@"
                    + node.get("address").asText() + "/rep?sslmode=disable");
        }
        Launcher elsewhere = minicluster.with(
                "PGPASSFILE", minicluster.directory().passfile().toString());
        Path copy = directory.resolve("to-hand-in.md");
        args.addAll(List.of("-o", copy.toString()));
        Cli.Result given = elsewhere.run(args.toArray(String[]::new));
        assertDone(given);
        assertHandedIn(Printer.JSON.readTree(given.out()), copy);

        Cli.Result unknown = minicluster.with("PGPASSFILE", "/dev/null").run(args.toArray(String[]::new));
        assertThat(unknown.exit()).as("%s", unknown).isEqualTo(2);
        assertThat(unknown.out()).isEmpty();
        assertThat(unknown.err())
                .startsWith("minicluster: expected vm")
                .contains(
                        " to let the role postgres in, but a password is asked for and none was given; give the password"
                                + " by PGPASSFILE, ~/.pgpass, PGPASSWORD or at the prompt of a terminal");
    }

    /** Beside the journal, which is read by its owner alone, and where somebody wants a copy. */
    private void assertHandedIn(JsonNode said, Path copy) throws IOException {
        assertThat(said.get("report").asText()).isEqualTo(copy.toString());
        String password = Files.readString(minicluster.directory().passfile()).strip();
        String secret = password.substring(password.lastIndexOf(':') + 1);
        assertThat(copy)
                .content()
                .contains("minicluster check --node 'vm1=postgresql://postgres@127.0.0.1:", "vm3 is subscribed to both")
                .doesNotContain(secret);
        try (Stream<Path> runs = Files.list(directory)) {
            List<Path> checks = runs.filter(run -> run.getFileName().toString().endsWith("-check"))
                    .toList();
            assertThat(checks)
                    .isNotEmpty()
                    .allSatisfy(run -> assertThat(run.resolve("report.html"))
                            .content()
                            .contains("<section id=\"points\"")
                            .doesNotContain(secret));
        }
        assertThat(minicluster
                        .run("report", "check", "--format", "md", "-o", "-")
                        .out())
                .isEqualTo(Files.readString(copy));
    }

    /** Without a pg_dump of this major there is one point that cannot be told. */
    private static void assertDone(Cli.Result check) throws IOException {
        JsonNode said = Printer.JSON.readTree(check.out());
        List<String> open = new ArrayList<>();
        for (JsonNode point : said.get("points")) {
            boolean excused = List.of("backup-program", "backup-old")
                    .contains(point.get("findings").get(0).get("id").asText());
            if (!point.get("verdict").asText().equals("done") && !excused) {
                open.add(point.toString());
            }
        }
        assertThat(open).isEmpty();
        assertThat(check.exit()).isEqualTo(said.get("done").asBoolean() ? 0 : 1);
    }
}
