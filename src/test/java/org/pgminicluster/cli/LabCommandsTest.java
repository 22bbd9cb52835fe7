package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.JournalFile;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.lab.Lab;

/** What the lab's commands do without a server: the catalogue, and reports of runs that are over. */
class LabCommandsTest {

    @TempDir
    Path directory;

    private Cli cli;

    @BeforeEach
    void cli() {
        cli = new Cli(directory);
    }

    private Path run(String name, Instant at) throws IOException {
        Path journal = directory.resolve(name).resolve("journal.jsonl");
        Journal written = new Journal();
        try (JournalFile file = JournalFile.record(written, journal)) {
            assertThat(file).isNotNull();
            written.add(null, new Event.Step("A chapter of " + name, "because"));
            written.add("vm1", new Event.Sql("rep", "SELECT 1", new Event.Done(1), 1.5));
            written.add("vm1", new Event.Check("one is one", "1", "1", true));
        }
        Files.setLastModifiedTime(journal, FileTime.from(at));
        return journal;
    }

    @Test
    void every_problem_is_listed_and_explained() {
        String list = cli.run("list").out();

        assertThat(Lab.problems()).hasSizeGreaterThan(20).allSatisfy(problem -> {
            assertThat(list).contains("\n" + problem.id() + " ");
            Cli.Result explained = cli.run("explain", problem.id());
            assertThat(explained.exit()).isZero();
            assertThat(explained.out()).contains("\nCause: ", "\nCure: ", "\n$ minicluster run " + problem.id() + "\n");
            assertThat(cli.run("explain", problem.id(), "--lang", "ru").out()).contains("\nПричина: ", "\nРешение: ");
        });
        assertThat(list.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "0", "9.6", "postgres"})
    void a_major_that_is_none_is_refused(String typed) {
        for (List<String> command : List.of(List.of("list"), List.of("explain", "pg-hba"))) {
            List<String> words =
                    Stream.concat(command.stream(), Stream.of("--pg", typed)).toList();
            assertThat(new Cli(directory).run(words.toArray(String[]::new)))
                    .isEqualTo(new Cli.Result(
                            64,
                            "",
                            "minicluster: expected --pg to tell a major from 10 on, but was \"" + typed
                                    + "\"; say --pg 13\n"));
        }
    }

    @Test
    void what_a_major_cannot_show_is_said() {
        assertThat(cli.run("list", "--pg", "10").out()).contains("(not here: ");
        assertThat(cli.run("list", "--json").out())
                .startsWith("[{\"id\":\"")
                .contains("\"cure\":\"", "\"manual\":\"https://www.postgresql.org/docs/13/");
        assertThat(cli.run("explain", "slot-name-clash", "--json", "--pg", "16").out())
                .contains("\"manual\":\"https://www.postgresql.org/docs/16/");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "explain slot-nme-clash | expected the problem to be a known one, but was \"slot-nme-clash\"; did you mean"
                        + " slot-name-clash?",
                "run wal-levle | expected the problem to be a known one, but was \"wal-levle\"; did you mean wal-level?",
                "demo --lang fr | expected --lang to be a known one, but was \"fr\"; known are en, ru",
                "demo --from tabels | expected --from to name a chapter, but was \"tabels\"; chapters are create-database,"
                        + " wal-level, pg-hba, roles, tables, first-rows, guards, publications, cross, clash, own-names,"
                        + " later, change, truncate, direct, through, compare, dump, base-backup, standby, failover, rejoin",
                "demo --from rejoin --until tables | expected --until to name a chapter that does not come before that of"
                        + " --from, but tables comes before rejoin",
                "list --lang fr | expected --lang to be a known one, but was \"fr\"; known are en, ru",
                "report --format pdf | expected --format to be a known one, but was \"pdf\"; known are html, md, json",
                "report --json | expected --json to be given with --list, but was given alone; --format json prints the"
                        + " journal",
                "run | expected PROBLEM to be given, but was not; type minicluster run PROBLEM..."
            })
    void a_wrong_name_gets_the_nearest(String line, String message) {
        Cli.Result result = cli.run(line.split(" "));

        assertThat(result.exit()).isEqualTo(64);
        assertThat(result.err().lines().findFirst()).hasValue("minicluster: " + message);
    }

    @Test
    void the_help_of_the_demo_has_all_chapters() {
        String help = cli.run("demo", "--help").out().replaceAll("\\s+", " ");

        assertThat(help).contains("The chapters: " + String.join(", ", Lab.chapters()) + ".");
    }

    @Test
    void without_a_run_there_is_no_report() {
        assertThat(cli.run("report"))
                .isEqualTo(new Cli.Result(
                        2,
                        "",
                        "minicluster: expected a run to be in " + directory
                                + ", but was none; make one with minicluster demo\n"));
    }

    @Test
    void the_last_run_is_reported_unless_another_is_named() throws IOException {
        run("20260101-120000-demo", Instant.parse("2026-01-01T12:00:00Z"));
        run("20260102-120000-wal-level", Instant.parse("2026-01-02T12:00:00Z"));

        assertThat(cli.run("report", "--list").out()).isEqualTo("20260102-120000-wal-level\n20260101-120000-demo\n");
        assertThat(cli.run("report", "--list", "--json").out())
                .startsWith("[{\"run\":\"20260102-120000-wal-level\",\"journal\":\""
                        + directory.resolve("20260102-120000-wal-level/journal.jsonl") + "\"},")
                .endsWith("}]\n");
        assertThat(cli.run("report", "--format", "md", "-o", "-").out())
                .contains("A chapter of 20260102-120000-wal-level");
        assertThat(cli.run("report", "demo", "--format", "md", "-o", "-").out())
                .contains("A chapter of 20260101-120000-demo");
        assertThat(cli.run("report", "dmo").err())
                .isEqualTo("minicluster: expected the run to be a known one, but was \"dmo\"; known are"
                        + " 20260102-120000-wal-level, 20260101-120000-demo\n");

        Path html = directory.resolve("20260102-120000-wal-level/report.html");
        assertThat(cli.run("report").out()).isEqualTo("Report: " + html + "\n");
        assertThat(html).content().startsWith("<!DOCTYPE html>");
        assertThat(cli.run("report", "--format", "json").out().lines()).hasSize(5);
    }

    @Test
    void a_journal_that_was_cut_short_gives_a_report_of_what_is_left() throws IOException {
        Path journal = run("20260101-120000-demo", Instant.parse("2026-01-01T12:00:00Z"));
        String text = Files.readString(journal);
        Files.writeString(journal, text.substring(0, text.length() - 20));

        Cli.Result result = cli.run("report", journal.toString(), "--format", "md", "-o", "-");

        assertThat(result.exit()).isZero();
        assertThat(result.out()).contains("A chapter of 20260101-120000-demo", "SELECT 1");
        assertThat(result.err())
                .isEqualTo("The journal is damaged. Lines that could not be read: 1 (number 5). All others are in this"
                        + " report.\n");
    }

    @Test
    void of_a_file_that_is_no_journal_there_is_no_report() throws IOException {
        Path file = Files.writeString(directory.resolve("notes.txt"), "not a journal\n");

        Cli.Result result = cli.run("report", file.toString());

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err())
                .isEqualTo("minicluster: expected " + file
                        + " to be a journal, but holds no entry that can be read; name the journal.jsonl of a run\n");
        assertThat(directory.resolve("report.html")).doesNotExist();
    }

    /** What a value makes a terminal do, when somebody looks at a report in one. */
    @Test
    void no_control_character_gets_into_a_report() throws IOException {
        Path journal = directory.resolve("odd/journal.jsonl");
        Journal written = new Journal();
        try (JournalFile file = JournalFile.record(written, journal)) {
            assertThat(file).isNotNull();
            written.add(null, new Event.Step("A \u001b[31mred chapter", "be\u0007cause"));
            Rows rows = new Rows(List.of("c\u009bn"), List.of(Row.of("v\u001b]0;title\u0007")));
            written.add("vm1", new Event.Sql("rep", "SELECT '\u001b[2J'", new Event.Selected(rows), 1.5));
        }

        for (String format : List.of("md", "html")) {
            String report = cli.run("report", journal.toString(), "--format", format, "-o", "-")
                    .out();
            assertThat(report)
                    .contains("x1B", "31mred chapter", "x1B]0;title", "x1B[2J")
                    .doesNotContainPattern("[\\x00-\\x08\\x0B-\\x1F\\x7F-\\x9F]");
            assertThat(cli.run("report", journal.toString(), "--format", format).exit())
                    .isZero();
            assertThat(Files.readString(journal.resolveSibling("report." + format)))
                    .doesNotContain("\u001b", "\u0007");
        }
    }

    @Test
    void a_report_that_cannot_be_written_is_told() throws IOException {
        run("20260101-120000-demo", Instant.parse("2026-01-01T12:00:00Z"));
        Path file = directory.resolve("a-file");
        Files.writeString(file, "in the way");

        Cli.Result result = cli.run("report", "-o", file.resolve("report.html").toString());

        assertThat(result.exit()).isEqualTo(2);
        assertThat(result.err())
                .startsWith("minicluster: expected " + file.resolve("report.html")
                        + " to be a file that can be written, but was not (")
                .endsWith("); choose another path\n");
    }
}
