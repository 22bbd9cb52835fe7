package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgminicluster.server.ProcessState;

/** A cluster that stays up between commands, from the outside: the launcher script and nothing else. */
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class UpAndDownIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

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

    private void up() {
        Cli.Result up = minicluster.up("--quiet");
        assertThat(up.exit()).as("%s", up).isZero();
    }

    private long daemon() {
        return minicluster.directory().state().orElseThrow().pid();
    }

    private static void awaitGone(long pid) {
        await().atMost(PATIENCE)
                .until(() -> ProcessHandle.of(pid)
                        .filter(process -> !ProcessState.isGone(process))
                        .isEmpty());
    }

    @Test
    void a_cluster_stays_until_it_is_ended_and_then_nothing_is_left() throws IOException {
        Cli.Result up = minicluster.up();
        assertThat(up.exit()).as("%s", up).isZero();
        assertThat(up.out())
                .contains("/* vm1, vm2, vm3 # */ CREATE TABLE test (id integer PRIMARY KEY, name text);\n")
                .contains("/* vm1 # */ CREATE PUBLICATION test_pub FOR TABLE public.test;\n")
                .containsPattern("│ vm1  writes test; copy of test2 +│\n"
                        + "│      jdbc:postgresql://\\S+:\\d+/rep\\?user=postgres +│\n"
                        + "│      psql -h \\S+ -p \\d+ -U postgres rep +│\n");
        String password =
                Files.readString(minicluster.directory().passfile()).strip().replaceAll(".*:", "");
        assertThat(password).hasSizeGreaterThan(20);
        long daemon = daemon();
        assertThat(ProcessHandle.of(daemon).orElseThrow().info().arguments().orElseThrow())
                .anyMatch(argument -> argument.matches("-XX:SharedArchiveFile=.*-cli\\.jsa"));

        Cli.Result again = minicluster.up();
        assertThat(again.exit()).isZero();
        assertThat(again.out()).startsWith("A cluster is up already; minicluster down ends it.\n");
        assertThat(daemon()).isEqualTo(daemon);

        assertThat(minicluster
                        .run("sql", "vm1", "-c", "INSERT INTO test VALUES (1, 'one')")
                        .out())
                .isEqualTo("/* vm1 # */ INSERT INTO test VALUES (1, 'one');\nINSERT 0 1\n");
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(minicluster
                                        .run("sql", "vm3", "--json", "-c", "SELECT * FROM test")
                                        .out())
                                .isEqualTo(
                                        "{\"kind\":\"rows\",\"rows\":{\"columns\":[\"id\",\"name\"],\"values\":[[\"1\",\"one\"]]}}\n"));
        Cli.Result refused = minicluster.run("sql", "vm3", "-c", "DELETE FROM test");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out()).contains("ERROR:  Cannot modify table.\n");
        Cli.Result status = minicluster.run("status", "--json");
        assertThat(status.exit()).isZero();
        assertThat(status.out()).contains("\"topology\":\"homework\"", "\"healthy\":true");

        assertThat(minicluster.run("basebackup", "vm3", "host=vm1", "vm3").err())
                .isEqualTo(
                        "minicluster: expected bare servers to make a standby of, but was homework, which has those that"
                                + " it was started with; minicluster practice starts bare ones\n");

        Cli.Result down = minicluster.run("down");
        assertThat(down.exit()).as("%s", down).isZero();
        assertThat(Servers.named(down)).hasSizeGreaterThan(1).noneMatch(Servers::exist);
        assertThat(ProcessHandle.of(daemon).filter(process -> !ProcessState.isGone(process)))
                .isEmpty();
        assertThat(minicluster.directory().stateFile()).doesNotExist();
        assertThat(minicluster.directory().passfile()).doesNotExist();
        assertOnlyForItsOwner(minicluster.directory().path());
        assertThat(minicluster.run("logs", "vm1", "-n", "1").exit()).isZero();
        assertThat(Stream.of(up, again, refused, status, down).map(Cli.Result::toString))
                .noneMatch(text -> text.contains(password));
        assertThat(Files.readString(minicluster.directory().journal())).doesNotContain(password);
    }

    private static void assertOnlyForItsOwner(Path directory) throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)))
                .isEqualTo("rwx------");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files)
                    .isNotEmpty()
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .as(file.toString())
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void statements_show_what_psql_would_show() throws IOException {
        up();

        assertThat(
                        minicluster.run(
                                "sql",
                                "vm1",
                                "-c",
                                "INSERT INTO test VALUES (10, 'a'), (11, 'b'); DELETE FROM test WHERE id = 10;"
                                        + " DO $$ BEGIN RAISE NOTICE 'seen; it is' USING hint = 'look'; END $$; SELECT 1; SELECT 2"))
                .isEqualTo(new Cli.Result(
                        0,
                        "/* vm1 # */ INSERT INTO test VALUES (10, 'a'), (11, 'b'); DELETE FROM test WHERE id = 10; DO $$"
                                + " BEGIN RAISE NOTICE 'seen; it is' USING hint = 'look'; END $$; SELECT 1; SELECT 2;\n"
                                + "INSERT 0 2\nDELETE 1\nDO\n"
                                + " ?column?\n----------\n        1\n(1 row)\n"
                                + " ?column?\n----------\n        2\n(1 row)\n",
                        "NOTICE:  seen; it is\nHINT:  look\n"));
        assertThat(Files.readString(minicluster.directory().journal()))
                .contains(
                        "\"sql\":\"DELETE FROM test WHERE id = 10\",\"result\":{\"kind\":\"done\",\"count\":1,\"tag\":\"DELETE 1\"}")
                .contains("\"what\":\"NOTICE\",\"text\":\"seen; it is\\nHINT:  look\"")
                .contains("\"sql\":\"SELECT 2\",\"result\":{\"kind\":\"rows\"");

        Cli.Result refused = minicluster.run(
                "sql", "vm1", "--json", "-c", "DELETE FROM test; SELECT 1/0; INSERT INTO test VALUES (12, 'c')");
        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.out())
                .isEqualTo(
                        "{\"kind\":\"done\",\"count\":1,\"tag\":\"DELETE 1\"}\n"
                                + "{\"kind\":\"error\",\"sqlState\":\"22012\",\"message\":\"division by zero\",\"detail\":null,\"hint\":null}\n");

        assertThat(minicluster.run("sql", "vm1", "-c", "SELECT 1;\nSELCT 2").out())
                .endsWith("""
                        ERROR:  syntax error at or near "SELCT"
                        LINE 2: SELCT 2
                                ^
                        """);
        assertThat(minicluster.run("sql", "vm2", "-c", "DELETE FROM test").out())
                .endsWith("""
                        HINT:  Table test is a read-only copy on this node.
                        CONTEXT:  PL/pgSQL function refuse_write() line 3 at RAISE
                        """);

        Path file = Files.writeString(
                directory.resolve("file.sql"),
                "\uFEFFINSERT INTO test VALUES (12, 'c');\nSELECT 1/0;\nDELETE FROM test;\n");
        assertThat(minicluster
                        .run("sql", "vm1", "--no-psql", "-f", file.toString())
                        .out())
                .isEqualTo("/* vm1 # */ INSERT INTO test VALUES (12, 'c');\nINSERT 0 1\n"
                        + "/* vm1 # */ SELECT 1/0;\nERROR:  division by zero\n");
        assertThat(minicluster.run("sql", "vm1", "-c", "TABLE test").out())
                .isEqualTo("/* vm1 # */ TABLE test;\n id | name\n----+------\n 11 | b\n 12 | c\n(2 rows)\n");
    }

    /** psql by itself would go on, and say that all went well. */
    @Test
    void what_comes_by_a_pipe_ends_at_the_first_statement_that_fails() throws IOException {
        up();
        Files.writeString(
                directory.resolve("piped.sql"),
                "INSERT INTO test VALUES (1, 'kept');\nSELECT 1/0;\nINSERT INTO test VALUES (2, 'not reached');\n");
        for (String option : List.of("", " --no-psql")) {
            Path script = Files.writeString(
                    directory.resolve("piped.sh"),
                    "./minicluster sql vm1" + option + " < '" + directory.resolve("piped.sql") + "'");

            Cli.Result piped = minicluster.script(script);

            assertThat(piped.exit()).as("%s", piped).isEqualTo(1);
            assertThat(piped.out()).contains("INSERT 0 1\n").doesNotContain("Without psql");
            assertThat(piped.out() + piped.err()).contains("ERROR:  division by zero");
            assertThat(minicluster
                            .run("sql", "vm1", "--json", "-c", "DELETE FROM test RETURNING id")
                            .out())
                    .contains("[[\"1\"]]");
        }
    }

    @Test
    void text_is_stored_as_it_was_typed_in_any_locale_or_refused() throws IOException {
        up();
        // By a script, since this JVM may be in a locale of ASCII itself.
        Path script = Files.writeString(
                directory.resolve("typed.sh"),
                "exec ./minicluster sql vm1 -c \"INSERT INTO test VALUES (1, 'ёлка → 😀'); DELETE FROM test RETURNING name\"");
        for (String locale : List.of("C", "POSIX", "C.UTF-8", "xx_XX.UTF-8")) {
            Cli.Result typed = minicluster.inLocale(locale).script(script);
            assertThat(typed.exit()).as("%s: %s", locale, typed).isZero();
        }
        assertThat(Files.readString(minicluster.directory().journal()).split("\\[\\[\"ёлка → 😀\"]]", -1))
                .hasSize(5);
        assertThat(minicluster
                        .inLocale("C")
                        .run("sql", "vm1", "--json", "-c", "SELECT chr(8594)")
                        .out())
                .isEqualTo("{\"kind\":\"rows\",\"rows\":{\"columns\":[\"chr\"],\"values\":[[\"\\u2192\"]]}}\n");

        Path latin = Files.write(
                directory.resolve("latin.sql"), "SELECT 1;\nSELECT 'é'".getBytes(StandardCharsets.ISO_8859_1));
        assertThat(minicluster.run("sql", "vm1", "-f", latin.toString()))
                .isEqualTo(new Cli.Result(
                        64,
                        "",
                        "minicluster: expected " + latin
                                + " to be text in UTF-8, but byte 9 of line 2 was 0xE9, which is"
                                + " not UTF-8; convert it first, as by iconv -t UTF-8\n"));
    }

    @Test
    void a_major_that_tells_nothing_is_refused() {
        assumeTrue(Launcher.kind().equals("process"), "an image may have any name");

        Cli.Result up = minicluster.up("--pg", "abc");

        assertThat(up.exit()).isEqualTo(2);
        assertThat(up.err())
                .isEqualTo(
                        "minicluster: expected -Dminicluster.postgres to tell a major to processes, one of 10, 11, 12,"
                                + " 13, 14, 15, 16, 17, 18 or an image whose tag begins with it, but was \"abc\"; choose one of"
                                + " them, or -Dminicluster.servers=container if it is an image\n");
    }

    @Test
    void a_closed_output_is_refused_before_anything_is_done() throws Exception {
        Process closed = new ProcessBuilder("sh", "-c", "exec ./minicluster down >&-").start();
        String err = new String(closed.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(closed.waitFor()).isEqualTo(2);
        assertThat(err)
                .isEqualTo("minicluster: expected the standard output to be open, but was closed; give it a file, or"
                        + " /dev/null.\n");
    }

    @Test
    void what_is_broken_is_shown_and_healed() {
        up();

        Cli.Result kill = minicluster.run("fault", "kill", "vm3");
        assertThat(kill.exit()).isZero();
        assertThat(kill.out())
                .containsPattern("(?m)^\\$ (docker kill .*|p=.*; kill -KILL .*)$")
                .contains("vm3 killed: no process of the server is left\n");
        Cli.Result unhealthy = minicluster.run("status");
        assertThat(unhealthy.exit()).isEqualTo(1);
        assertThat(unhealthy.out())
                .containsPattern("(?m)^vm1 +running")
                .containsPattern("(?m)^vm3 +down +- +-")
                .contains("NOT healthy: vm3 is down; ");
        assertThat(minicluster.run("sql", "vm3", "-c", "SELECT 1").exit()).isEqualTo(1);
        assertThat(minicluster.run("fault", "start", "vm3").out()).contains("vm3 runs at ");

        assertThat(minicluster.run("fault", "cut", "vm1", "vm3").out())
                .contains("/* vm1 # */ SELECT pg_reload_conf();\n", "link vm1 -> vm3 cut: ");
        assertThat(minicluster.run("fault", "list").out()).containsPattern("^2  link vm1 -> vm3 cut: ");
        assertThat(minicluster.run("fault", "heal").out()).endsWith("Healed: link vm1 -> vm3 cut.\n");
        assertThat(minicluster.run("fault", "heal").out()).isEqualTo("Nothing is broken.\n");
        await().atMost(PATIENCE).until(() -> minicluster.run("status").exit() == 0);
        Cli.Result watch = minicluster.run("watch", "test", "--for", "1");
        assertThat(watch.out()).startsWith("vm1 has 0 rows of test\nvm2 has 0 rows of test\n");
    }

    @Test
    void what_could_not_be_healed_is_listed_and_healed_later() {
        up();
        assertThat(minicluster.run("fault", "slow", "vm3", "vm3_test_sub").exit())
                .isZero();
        assertThat(minicluster.run("fault", "pause", "vm3").exit()).isZero();

        Cli.Result inVain = minicluster.run("fault", "heal", "1");
        String why =
                "expected vm3 to be awake when it is led past a slow link again, but was paused; minicluster fault resume vm3"
                        + " first";
        assertThat(inVain.exit()).isEqualTo(1);
        assertThat(inVain.out()).isEqualTo("Still broken: 1  subscription vm3_test_sub on vm3 slow: 200 ms later.\n");
        assertThat(inVain.err()).isEqualTo("minicluster: " + why + "\n");
        assertThat(minicluster.run("fault", "list").out())
                .containsPattern(
                        "^1  subscription vm3_test_sub on vm3 slow: 200 ms later: its walsender is reached through"
                                + " \\S+; healing it failed: " + Pattern.quote(why) + "\n2  vm3 paused: ");

        assertThat(minicluster.run("fault", "resume", "vm3").exit()).isZero();
        assertThat(minicluster.run("fault", "heal", "1").out())
                .contains("/* vm3 # */ ALTER SUBSCRIPTION vm3_test_sub CONNECTION ")
                .endsWith("Healed: subscription vm3_test_sub on vm3 slow: 200 ms later.\n");
        assertThat(minicluster.run("fault", "list").out()).isEqualTo("Nothing is broken.\n");

        minicluster.run("fault", "slow", "vm3", "vm3_test_sub");
        minicluster.run("fault", "pause", "vm3");
        assertThat(minicluster.run("fault", "heal", "3").exit()).isEqualTo(1);
        Cli.Result down = minicluster.run("down");
        assertThat(down.exit()).as("%s", down).isZero();
        assertThat(minicluster.directory().stateFile()).doesNotExist();
    }

    @Test
    void what_a_killed_daemon_left_is_removed_by_the_next_start_or_by_down() {
        up();
        long first = daemon();
        ProcessHandle.of(first).orElseThrow().destroyForcibly();
        awaitGone(first);

        assertThat(minicluster.run("status").err())
                .contains("expected the daemon of the cluster to be running, but process " + first + " is gone;");
        Cli.Result up = minicluster.up("--quiet");
        assertThat(up.exit()).as("%s", up).isZero();
        assertThat(up.out()).contains("removing what a daemon that died left behind");
        long second = daemon();
        assertThat(minicluster.run("status").exit()).isZero();

        ProcessHandle.of(second).orElseThrow().destroyForcibly();
        awaitGone(second);
        Cli.Result down = minicluster.run("down");
        assertThat(down.exit()).as("%s", down).isZero();
        assertThat(down.out())
                .startsWith("The daemon of the cluster, process " + second + ", is gone. Removing what it left.\n");
        assertThat(minicluster.run("down").out()).isEqualTo("Nothing is up.\n");
    }

    /** SIGTERM, too: a shell lets what it runs in the background ignore Ctrl-C, and with it this test. */
    @ParameterizedTest
    @CsvSource({"INT, 130", "TERM, 143"})
    void an_interrupted_up_leaves_nothing(String signal, int exit) throws Exception {
        assumeFalse(
                signal.equals("INT") && Signals.isInterruptIgnored(),
                "SIGINT is ignored by all that is started from here");
        Process up = minicluster.begin("up", "--servers", Launcher.kind());
        try (var lines = up.inputReader()) {
            assertThat(lines.readLine()).contains("starting the servers");
            Signals.send(signal, up);
            assertThat(lines.lines()).noneMatch(line -> line.contains("expected"));
            up.waitFor();
        }
        assertThat(up.exitValue()).isEqualTo(exit);
        assertThat(minicluster.directory().stateFile()).doesNotExist();
        assertThat(Files.readString(directory.resolve("stderr"))).isEqualTo("minicluster: interrupted\n");
        assertThat(Signals.processesThatName(directory)).isEmpty();
    }

    /** It would be found by nobody who goes by the exit code. */
    @Test
    void an_output_that_takes_nothing_leaves_no_cluster_and_one_that_nobody_reads_to_the_end_does() throws Exception {
        assumeTrue(Files.exists(Path.of("/dev/full")), "only Linux has such an output");
        Path full = Files.writeString(
                directory.resolve("full.sh"), "exec ./minicluster up --servers " + Launcher.kind() + " >/dev/full");

        assertThat(minicluster.script(full))
                .isEqualTo(new Cli.Result(
                        2,
                        "",
                        "minicluster: the cluster is ended again, since what it tells cannot be written\n"
                                + "minicluster: expected the output to be written to the end, but was not (No space left on"
                                + " device); give it a place that takes all of it\n"));
        assertThat(minicluster.directory().stateFile()).doesNotExist();
        assertThat(Signals.processesThatName(directory)).isEmpty();

        Path head = Files.writeString(
                directory.resolve("head.sh"), "./minicluster up --servers " + Launcher.kind() + " | head -n 1");
        assertThat(minicluster.script(head).err())
                .isEqualTo("minicluster: the cluster is up, and minicluster down ends it\n");
        assertThat(minicluster.run("status").exit()).isZero();
    }

    @Test
    void a_daemon_whose_directory_is_deleted_ends_its_cluster() throws IOException {
        Cli.Result up = minicluster.inLocale("C").up("--quiet");
        assertThat(up.out())
                .contains("+ homework: PostgreSQL ", "| vm1  writes test; copy of test2")
                .doesNotContain("│");
        long daemon = daemon();

        try (Stream<Path> files = Files.walk(minicluster.directory().path())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }

        awaitGone(daemon);
        assertThat(minicluster.run("down").out()).isEqualTo("Nothing is up.\n");
    }
}
