package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.junit.RequiresProgram;

/** Backups of a cluster that is up, from the command line. */
@Order(2)
@RequiresProgram({"pg_dump", "pg_restore", "pg_basebackup"})
class BackupCommandsIT {

    @TempDir
    Path directory;

    private Cli minicluster;

    @BeforeEach
    void up() {
        minicluster = new Cli(directory);
        Cli.Result up = new Launcher(directory).up("--quiet");
        assertThat(up.exit()).as("%s", up).isZero();
        ok("sql", "vm1", "-c", "INSERT INTO test VALUES (1, 'one'), (2, 'two')");
        ok("sql", "vm2", "-c", "INSERT INTO test2 VALUES (3, 'three')");
        awaitRows("test", 2);
        awaitRows("test2", 1);
    }

    @AfterEach
    void down() {
        minicluster.run("down");
    }

    private Cli.Result ok(String... args) {
        Cli.Result result = minicluster.run(args);
        assertThat(result.exit()).as("%s: %s", Arrays.toString(args), result).isZero();
        return result;
    }

    /** On vm3, which subscribes to both. */
    private void awaitRows(String table, int rows) {
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(ok("sql", "vm3", "-c", "SELECT 'rows ' || count(*) FROM " + table)
                                .out())
                        .contains(" rows " + rows + "\n"));
    }

    private String path(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void a_dump_is_restored_into_a_database_of_its_own_and_compared() throws IOException {
        Cli.Result backup = ok("backup", "vm3", "-o", path("vm3.dump"));

        assertThat(backup.out())
                .containsPattern("(?m)^\\$ .*pg_dump .*--dbname=rep --format=custom ")
                .containsPattern("\nThe database rep of vm3 is backed up in " + path("vm3.dump") + ": \\d+ k?B\\.\n$");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("vm3.dump"))))
                .isEqualTo("rw-------");
        Cli.Result again = minicluster.run("backup", "vm3", "-o", path("vm3.dump"));
        assertThat(again.exit()).isEqualTo(64);
        assertThat(again.err())
                .isEqualTo("minicluster: expected " + path("vm3.dump")
                        + " to be a place where nothing is yet, but was a" + " file; name another with -o\n");

        Cli.Result restored = ok("restore", path("vm3.dump"), "vm1");
        assertThat(restored.out())
                .contains("/* vm1 # */ CREATE DATABASE rep_restored;\n")
                .containsPattern("(?m)^\\$ .*pg_restore .*--no-subscriptions ")
                .containsPattern("(?m)^test +2 +2 +the same rows$")
                .containsPattern("(?m)^test2 +1 +1 +the same rows$");
        assertThat(minicluster.run("restore", path("vm3.dump"), "vm1"))
                .isEqualTo(new Cli.Result(
                        1,
                        "",
                        "minicluster: expected vm1 to have no database rep_restored, but has one; name another with"
                                + " --database, or add --replace\n"));

        ok("sql", "vm1", "-c", "INSERT INTO test VALUES (4, 'since')");
        Cli.Result since = minicluster.run("restore", path("vm3.dump"), "vm1", "--replace", "--json");
        assertThat(since.exit()).isEqualTo(1);
        assertThat(since.out())
                .contains("{\"database\":\"rep_restored\",\"table\":\"test\",\"rows\":2,\"rowsNow\":3,\"same\":false}");
        assertThat(ok(
                                "sql",
                                "vm1",
                                "-d",
                                "rep_restored",
                                "-c",
                                "SELECT count(*) FROM pg_subscription WHERE subdbid ="
                                        + " (SELECT oid FROM pg_database WHERE datname = current_database())")
                        .out())
                .containsPattern("(?m)^ +0$");
        assertThat(ok("status").out()).contains("Healthy.");
    }

    @Test
    void what_is_no_dump_is_refused_and_nothing_is_made_of_it() throws IOException {
        Path script = Files.writeString(directory.resolve("script.sql"), "SELECT 1;");
        Path broken = directory.resolve("broken.dump");
        ok("backup", "vm1", "-o", path("whole.dump"));
        Files.write(broken, Arrays.copyOf(Files.readAllBytes(directory.resolve("whole.dump")), 4000));

        assertThat(minicluster.run("restore", script.toString(), "vm2").err())
                .isEqualTo("minicluster: expected FILE to be a dump that minicluster backup NODE has written, but was"
                        + " another file; a script of SQL is for minicluster sql NODE -f FILE\n");
        assertThat(minicluster.run("restore", path("none"), "vm2").err())
                .isEqualTo("minicluster: expected " + path("none") + " to be a readable file, but there is none\n");
        assertThat(minicluster
                        .run("restore", path("whole.dump"), "vm2", "-d", "rep")
                        .err())
                .isEqualTo("minicluster: expected the database to restore into to be one of its own, but was rep; name"
                        + " another with --database\n");
        Cli.Result failed = minicluster.run("restore", broken.toString(), "vm2", "-d", "half");
        assertThat(failed.exit()).isEqualTo(1);
        assertThat(failed.err()).contains("expected pg_restore to succeed on vm2, but was exit code 1");
        assertThat(ok("sql", "vm2", "-c", "SELECT datname FROM pg_database").out())
                .doesNotContain("half");
    }

    @Test
    void a_base_backup_and_the_archive_bring_a_moment_back_beside_the_cluster() throws IOException {
        assertThat(ok("pitr", "archive", "vm3").out())
                .contains("/* vm3 # */ ALTER SYSTEM SET archive_mode = on;\n", "\nvm3 archives its WAL from now on.\n");
        assertThat(ok("pitr", "archive", "vm3").out()).isEqualTo("vm3 archives its WAL already.\n");
        awaitRows("test", 2);

        assertThat(ok("backup", "vm3", "--physical", "-o", path("base")).out())
                .containsPattern("(?m)^\\$ .*pg_basebackup ")
                .containsPattern("(?m)^vm3 is backed up in " + path("base") + ": \\d+ MB\\.$");
        assertThat(directory.resolve("base/backup_label")).isNotEmptyFile();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("base"))))
                .isEqualTo("rwx------");
        ok("sql", "vm3", "-c", "SELECT pg_create_restore_point('before')");
        ok("sql", "vm1", "-c", "DELETE FROM test");
        awaitRows("test", 0);

        assertThat(minicluster.run("pitr", "start", path("base"), "vm3").err())
                .isEqualTo("minicluster: expected a point to recover to, but was none; say --time, --lsn, --xid, --name"
                        + " or --immediate\n");
        Cli.Result never = minicluster.run("pitr", "start", path("base"), "vm3", "--name", "never made");
        assertThat(never.exit()).isEqualTo(1);
        assertThat(never.err())
                .contains("expected vm3 to be recovered to recovery_target_name = never made, but the server said: ");
        assertThat(minicluster.run("sql", "pitr", "-c", "SELECT 1").exit()).isEqualTo(64);

        Cli.Result start = ok("pitr", "start", path("base"), "vm3", "--name", "before");
        assertThat(start.out())
                .contains("recovery_target_name = 'before'")
                .containsPattern("(?m)^pitr runs at \\S+, as vm3 was at recovery_target_name = before\\.")
                .containsPattern("(?m)^test +2 +0 +other rows$")
                .containsPattern("(?m)^test2 +1 +1 +the same rows$");
        assertThat(ok("sql", "pitr", "-c", "SELECT name FROM test ORDER BY id").out())
                .contains(" one\n two\n");
        assertThat(minicluster
                        .run("pitr", "start", path("base"), "vm3", "--immediate")
                        .err())
                .isEqualTo("minicluster: expected no server to be beside the cluster, but pitr is; minicluster pitr end"
                        + " ends it\n");
        assertThat(ok("pitr", "end").out()).endsWith("pitr is gone, with its data.\n");
        assertThat(minicluster.run("pitr", "end").exit()).isEqualTo(1);

        ok("pitr", "start", path("base"), "vm3", "--immediate", "--json");
        assertThat(ok("status").out()).contains("Healthy.");
        assertThat(Servers.named(ok("down"))).noneMatch(Servers::exist);
    }

    @Test
    void a_point_needs_an_archive() {
        ok("backup", "vm1", "--physical", "-o", path("base"));

        assertThat(minicluster
                        .run("pitr", "start", path("base"), "vm1", "--xid", "7")
                        .err())
                .isEqualTo(
                        "minicluster: expected vm1 to archive its WAL, but does not; say minicluster pitr archive vm1"
                                + " and take a base backup after that, or recover to its end with --immediate\n");
        assertThat(ok("pitr", "start", path("base"), "vm1", "--immediate").out())
                .containsPattern("(?m)^test +2 +2 +the same rows$");
    }
}
