package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said, and by which exit code, when a command line is wrong or there is no cluster. */
class CommandLineTest {

    private static final List<String> COMMANDS = List.of(
            "demo",
            "up",
            "practice",
            "status",
            "sql",
            "watch",
            "restart",
            "basebackup",
            "backup",
            "restore",
            "pitr",
            "fault",
            "run",
            "list",
            "explain",
            "report",
            "logs",
            "down",
            "doctor");

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "statis | expected the command to be a known one, but was \"statis\"; did you mean status?",
                "donw | expected the command to be a known one, but was \"donw\"; did you mean down?",
                "status --jsn | expected the option to be a known one, but was \"--jsn\"; did you mean --json?",
                "fault kil vm1 | expected the fault to be a known one, but was \"kil\"; did you mean kill?",
                "fault | expected WHAT to be given, but was not; known are kill, stop, start, pause, resume, cut, isolate,"
                        + " stall, slow, terminate, drop-slot, limit-wal, lose-slot, reseed, promote, failover, rejoin, heal, list",
                "fault cut vm1 | expected SUBSCRIBER to be given, but was not; type minicluster fault cut PUBLISHER"
                        + " SUBSCRIBER",
                "fault cut vm1 vm2 --latency 5 | expected the option to be a known one, but was \"--latency\"; known are"
                        + " --json, --help",
                "fault heal 1 2 | expected minicluster fault heal to have at most 1 parameter, but was 2; type minicluster"
                        + " fault heal [NUMBER]",
                "fault list vm1 | expected minicluster fault list to have no parameters, but was 1; type minicluster fault"
                        + " list",
                "fault stop vm1 --mode fats | expected --mode to be a known one, but was \"fats\"; did you mean fast?",
                "fault stop vm1 --mode | expected --mode MODE to be given, but was not",
                "fault limit-wal vm1 many | expected MEGABYTES to be a whole number of 0 or more, but was \"many\"",
                "fault slow vm3 x --latency -5 | expected --latency to be a whole number of milliseconds, such as 200ms, but"
                        + " was \"-5\"",
                "sql | expected NODE to be given, but was not; type minicluster sql NODE",
                "logs vm1 -n many | expected --lines to be a whole number, but was \"many\"",
                "sql vm1 --json | expected -c or -f with --json, but was neither",
                "sql all | expected -c or -f with all, but was neither",
                "restart | expected NODE to be given, but was not; type minicluster restart NODE",
                "basebackup vm4 | expected CONNINFO to be given, but was not; type minicluster basebackup NODE CONNINFO"
                        + " SLOT",
                "practice --lang de | expected --lang to be a known one, but was \"de\"; known are en, ru",
                "sql vm1 -c x -f y | expected either -c or -f, but was both; give them one after the other",
                "up --servers conteiner | expected --servers to be a known one, but was \"conteiner\"; did you mean"
                        + " container?",
                "watch test --interval 1 | expected --interval to be a whole number of 5 or more, but was \"1\"",
            })
    void a_wrong_command_line_is_told_in_one_sentence(String line, String message) {
        Cli.Result result = new Cli(directory).run(line.split(" "));

        assertThat(result.exit()).isEqualTo(64);
        assertThat(result.err().lines().findFirst()).hasValue("minicluster: " + message);
        assertThat(result.out()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "sql",
                "check",
                "watch",
                "restart",
                "basebackup",
                "fault",
                "list",
                "explain",
                "report",
                "logs",
                "doctor"
            })
    void every_command_that_reads_can_answer_programs(String command) {
        assertThat(new Cli(directory).run(command, "--help").out()).containsPattern("(?m)^ +--json +.*JSON");
    }

    @Test
    void an_unknown_command_that_is_near_none_gets_all() {
        assertThat(new Cli(directory).run("xyzzyxyzzy").err())
                .startsWith(
                        "minicluster: expected the command to be a known one, but was \"xyzzyxyzzy\"; known are demo,"
                                + " up, practice, status, sql, check, watch, restart, basebackup, backup, restore, pitr, fault,"
                                + " run, list, explain, report, logs, down, doctor\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"status", "status --json", "sql vm1 -c x", "watch test", "fault kill vm1", "fault list"})
    void without_a_cluster_it_says_how_to_get_one(String line) {
        Cli.Result result = new Cli(directory).run(line.split(" "));

        assertThat(result)
                .isEqualTo(new Cli.Result(
                        2,
                        "",
                        "minicluster: expected a cluster to be up, but was none; start one with minicluster up\n"));
    }

    @Test
    void down_with_nothing_up_is_no_error() {
        assertThat(new Cli(directory).run("down")).isEqualTo(new Cli.Result(0, "Nothing is up.\n", ""));
    }

    @Test
    void a_daemon_that_died_is_told_with_what_to_do() {
        Cli cli = new Cli(directory);
        // No process of this machine has this pid.
        cli.directory()
                .write(state(Map.of(
                        "org.pgminicluster.owner.host", owner().get("org.pgminicluster.owner.host"),
                        "org.pgminicluster.owner.pid", "99999999",
                        "org.pgminicluster.owner.started", "1")));

        assertThat(cli.run("status"))
                .isEqualTo(new Cli.Result(
                        2,
                        "",
                        "minicluster: expected the daemon of the cluster to be running, but process 99999999 is gone;"
                                + " remove what it left with minicluster down, then minicluster up\n"));
    }

    @Test
    void a_damaged_state_is_told() throws IOException {
        Cli cli = new Cli(directory);
        Files.createDirectories(cli.directory().path());
        Files.writeString(cli.directory().stateFile(), "{\"port\":");

        assertThat(cli.run("status"))
                .isEqualTo(new Cli.Result(
                        2,
                        "",
                        "minicluster: expected " + cli.directory().stateFile()
                                + " to be the state of a cluster, but was"
                                + " damaged; remove it, and the cluster that it belongs to ends by itself\n"));
    }

    @Test
    void another_cluster_is_not_started_beside_the_one_that_is_up() {
        Cli cli = new Cli(directory);
        cli.directory().write(state(owner()));

        assertThat(cli.run("up", "--pg", "16"))
                .isEqualTo(new Cli.Result(
                        2,
                        "",
                        "minicluster: expected no other cluster to be up, but was homework: PostgreSQL 13.23, process;"
                                + " end it with minicluster down first\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "up,PRACTICE",
        "up --standby,PRACTICE",
        "practice,HOMEWORK",
        "practice,GUARDED",
        "practice --pg 16,PRACTICE"
    })
    void a_cluster_of_another_sort_is_another_one(String line, Topologies up) {
        Cli cli = new Cli(directory);
        cli.directory().write(state(owner(), up));

        assertThat(cli.run(line.split(" ")))
                .isEqualTo(new Cli.Result(
                        2,
                        "",
                        "minicluster: expected no other cluster to be up, but was "
                                + up.create().name()
                                + ": PostgreSQL 13.23, process; end it with minicluster down first\n"));
    }

    @ParameterizedTest
    @FieldSource("COMMANDS")
    void every_command_explains_itself_within_80_columns(String command) {
        Cli cli = new Cli(directory);
        Cli.Result result = cli.run(command, "--help");

        assertThat(cli.run("--help").out()).contains("\n  " + command + " ");
        assertThat(result.exit()).isZero();
        assertThat(result.out()).startsWith("Usage: minicluster " + command + " ");
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    static List<String> verbs() {
        return List.copyOf(FaultCommand.withVerbs().getSubcommands().keySet());
    }

    @ParameterizedTest
    @MethodSource("verbs")
    void every_fault_explains_itself_within_80_columns(String verb) {
        Cli cli = new Cli(directory);
        Cli.Result result = cli.run("fault", verb, "--help");

        assertThat(cli.run("fault", "--help").out()).contains("\n  " + verb + " ");
        assertThat(result.exit()).isZero();
        assertThat(result.out())
                .startsWith("Usage: minicluster fault " + verb + " ")
                .contains("--json");
        assertThat(result.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(cli.run("fault", verb, "--nonsense").err())
                .startsWith("minicluster: expected ")
                .endsWith("See minicluster fault " + verb + " --help.\n");
    }

    @Test
    void there_are_as_many_faults_as_there_were() {
        assertThat(verbs())
                .containsExactly(
                        "kill",
                        "stop",
                        "start",
                        "pause",
                        "resume",
                        "cut",
                        "isolate",
                        "stall",
                        "slow",
                        "terminate",
                        "drop-slot",
                        "limit-wal",
                        "lose-slot",
                        "reseed",
                        "promote",
                        "failover",
                        "rejoin",
                        "heal",
                        "list");
    }

    @ParameterizedTest
    @MethodSource("everyCommandAndNarrowWidths")
    void every_command_works_on_a_narrow_terminal(String line, int width) {
        Cli.Result wide = new Cli(directory).run(line.split(" "));
        Cli.Result narrow = new Cli(directory, width).run(line.split(" "));

        assertThat(narrow.exit()).isEqualTo(wide.exit());
        assertThat(narrow.err()).isEqualTo(wide.err()).doesNotContain("Exception");
        assertThat(words(narrow.out())).isEqualTo(words(wide.out()));
    }

    static Stream<Arguments> everyCommandAndNarrowWidths() {
        Stream<String> lines = Stream.concat(
                Stream.of(
                        "--help",
                        "--version",
                        "list",
                        "list --lang ru",
                        "explain pg-hba",
                        "fault --help",
                        "fault slow --help"),
                COMMANDS.stream().flatMap(command -> Stream.of(command + " --help", command + " --nonsense")));
        return Stream.concat(
                        lines,
                        Stream.of("status", "fault list", "sql vm1 -c x", "watch test", "logs vm1", "down", "report"))
                .flatMap(line -> Stream.of(1, 20, 40, 54, 55, 100000).map(width -> Arguments.of(line, width)));
    }

    /** Where the lines end is for the width to say. */
    private static List<String> words(String text) {
        return List.of(text.strip().split("\\s+"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "--help", "--version", "list", "list --json", "explain pg-hba", "down", "status --help"})
    void what_could_not_be_written_is_an_error(String line) {
        OutputStream full = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("No space left on device");
            }
        };

        Cli.Result result = new Cli(directory).runInto(full, "", line.isEmpty() ? new String[0] : line.split(" "));

        assertThat(result)
                .isEqualTo(new Cli.Result(
                        2,
                        "",
                        "minicluster: expected the output to be written to the end, but was not (No space left on"
                                + " device); give it a place that takes all of it\n"));
    }

    @Test
    void who_reads_no_further_is_told_no_more() {
        OutputStream left = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };

        assertThat(new Cli(directory).runInto(left, "", "list")).isEqualTo(new Cli.Result(2, "", ""));
    }

    @ParameterizedTest
    @ValueSource(strings = {"sql vm1 -c x\uFFFD", "watch t\uFFFDst", "up --pg \uFFFD", "\uFFFD"})
    void an_argument_that_could_not_be_read_is_refused(String line) {
        List<String> args = List.of(line.split(" "));
        String last = args.get(args.size() - 1);

        assertThat(new Cli(directory).run(line.split(" ")))
                .isEqualTo(new Cli.Result(
                        64,
                        "",
                        "minicluster: expected argument " + args.size()
                                + " to be text in this locale's encoding, UTF-8,"
                                + " but was \"" + last.replace('\uFFFD', '?') + "\" where each ? could not be read;"
                                + " type it in that encoding, or set LC_ALL=C.UTF-8 if it is UTF-8, or give SQL by a"
                                + " file and -f\n"));
    }

    @Test
    void the_daemon_is_not_for_people() {
        Cli.Result help = new Cli(directory).run("--help");

        assertThat(help.out()).doesNotContain("daemon").contains("Exit codes: 0 as expected");
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    private static Map<String, String> owner() {
        return org.pgminicluster.server.Owner.current().toMap();
    }

    private static DaemonState state(Map<String, String> owner) {
        return state(owner, Topologies.HOMEWORK);
    }

    private static DaemonState state(Map<String, String> owner, Topologies topology) {
        return new DaemonState(
                owner,
                1,
                "token",
                topology.create().name(),
                topology,
                "process",
                "13",
                "13.23",
                "2026-01-01T00:00:00Z",
                List.of("vm1", "vm2", "vm3"),
                null);
    }
}
