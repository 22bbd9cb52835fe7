package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code practice} and {@code check} say of lessons before any server is started. */
class PracticeLessonsTest {

    @TempDir
    Path directory;

    private Cli minicluster;

    @BeforeEach
    void commandLine() {
        minicluster = new Cli(directory);
    }

    @Test
    void the_lessons_are_listed_with_a_line_each() {
        assertThat(minicluster.run("practice", "--list")).isEqualTo(new Cli.Result(0, """
                homework   The homework: two tables, each written on one node and copied to the others
                stuck      A subscription that is stuck: one row keeps all others out
                slot       A slot that fills the disk
                lost-rows  Copies that differ: find the lost rows
                failover   The node that collects everything is dead, and its standby takes over
                upgrade    To a newer major by logical replication, without losing a row

                Start one: minicluster practice --lesson NAME. A lesson of one's own is a file: docs/lessons.md.
                """, ""));
    }

    @Test
    void an_unknown_lesson_names_the_nearest_one() {
        for (String command : new String[] {"practice", "check"}) {
            assertThat(minicluster.run(command, "--lesson", "stuk"))
                    .isEqualTo(
                            new Cli.Result(
                                    Exit.USAGE,
                                    "",
                                    "minicluster: expected the lesson to be a known one, but was \"stuk\"; did you mean stuck?\n"));
        }
    }

    @Test
    void a_file_that_is_not_there_is_told() {
        Cli.Result practice = minicluster.run("practice", "--lesson", "./no-such.json");

        assertThat(practice.exit()).isEqualTo(Exit.USAGE);
        assertThat(practice.err())
                .startsWith("minicluster: expected ./no-such.json to be a file that can be read, but was not (")
                .endsWith("); write a lesson's name or its file\n");
    }

    @Test
    void all_mistakes_of_a_file_are_told_at_once() throws IOException {
        Path file = directory.resolve("mine.json");
        Files.writeString(
                file,
                LessonsDoc.example()
                        .replace("\"title\": \"vm1 publishes", "\"titel\": \"vm1 publishes")
                        .replace("\"vm1\", \"vm2\"]", "\"vm1\", \"vm3\"]"));

        Cli.Result validate = minicluster.run("practice", "--validate", file.toString());

        assertThat(validate.exit()).isEqualTo(Exit.USAGE);
        assertThat(validate.err().lines())
                .hasSize(3)
                .anyMatch(line ->
                        line.contains("expected points[0].title of " + file + " to be a text or a list of lines"))
                .anyMatch(line -> line.contains("expected points[0] of " + file
                        + " to have known fields only, but has \"titel\"; known are id, "))
                .anyMatch(line -> line.contains("expected points[1].on of " + file
                        + " to be a node of the lesson, but was \"vm3\"; known are vm1, vm2"));
    }

    @Test
    void a_command_of_a_start_state_is_one_that_is_there() throws IOException {
        Path file = directory.resolve("mine.json");
        Files.writeString(file, LessonsDoc.example().replace("restart vm2", "fault explode vm2"));

        Cli.Result validate = minicluster.run("practice", "--validate", file.toString());

        assertThat(validate.exit()).isEqualTo(Exit.USAGE);
        assertThat(validate.err())
                .startsWith("minicluster: expected start[4].command of " + file
                        + " to be a command, but was \"fault explode vm2\" (")
                .endsWith("); see minicluster fault --help\n");
    }

    @Test
    void the_example_of_the_docs_is_a_lesson() throws IOException {
        Path file = directory.resolve("mine.json");
        Files.writeString(file, LessonsDoc.example());

        assertThat(minicluster.run("practice", "--validate", file.toString()))
                .isEqualTo(new Cli.Result(0, file + " is a lesson: 3 points, 5 steps to begin with\n", ""));
    }

    @Test
    void a_lesson_goes_to_a_newer_major_if_there_is_one() {
        assertThat(minicluster.run("practice", "--servers", "process", "--pg", "18", "--lesson", "upgrade"))
                .isEqualTo(new Cli.Result(
                        Exit.USAGE,
                        "",
                        "minicluster: expected --pg to be a major before 18 for the lesson upgrade, which goes to a newer"
                                + " one, but was 18; say --pg 13\n"));
        assertThat(minicluster.run("practice", "--servers", "process", "--pg", "12", "--lesson", "slot"))
                .isEqualTo(
                        new Cli.Result(
                                Exit.USAGE,
                                "",
                                "minicluster: expected PostgreSQL to be 13 or later for the lesson slot, but was 12; say --pg 13\n"));
    }

    @Test
    void servers_of_ones_own_are_those_of_the_lesson() {
        assertThat(minicluster
                        .run("check", "--lesson", "stuck", "--node", "vm1=postgresql://postgres@h/rep")
                        .err())
                .isEqualTo(
                        "minicluster: expected --node to be given for vm1, vm2, vm3, but vm2 is missing; name it, too\n");
        assertThat(minicluster
                        .run("check", "--lesson", "upgrade", "--node", "vm3=postgresql://postgres@h/rep")
                        .err())
                .isEqualTo(
                        "minicluster: expected the node to be a known one, but was \"vm3\"; did you mean vm1 or vm2?\n");
    }
}
