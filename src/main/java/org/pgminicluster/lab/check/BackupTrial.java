package org.pgminicluster.lab.check;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.script.Sql;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;

/**
 * Makes a backup of vm3 by pg_dump, restores it into a database of its own there, compares the rows, and drops that database.
 * It says that vm3 can be backed up; whether somebody keeps a backup can be seen from nowhere.
 */
final class BackupTrial {

    private static final long MOST_BYTES = 64L << 20;
    private static final int PATIENCE_SECONDS = 20;
    /** Making a database takes as long as a checkpoint. */
    private static final Duration STATEMENT = Duration.ofSeconds(8);

    private static final String TOO_LONG = "57014";
    private static final String PREFIX = "minicluster_check_";
    private static final String SIZE = "SELECT pg_database_size(current_database())";
    private static final String MAY_CREATE =
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user";

    private final SeenHomework homework;
    private final Sessions sessions;
    private final Login login;

    BackupTrial(SeenHomework homework, Sessions sessions, Login login) {
        this.homework = homework;
        this.sessions = sessions;
        this.login = login;
    }

    /** Empty if vm3 has nothing to back up yet. */
    Optional<Finding> run() {
        Survey vm3 = homework.vm3();
        List<TableFacts> tables = homework.shared().stream()
                .flatMap(shared -> vm3.table(shared.name()).stream())
                .toList();
        if (vm3.server().standby()
                || tables.size() < 2
                || !vm3.receives(tables.get(0).name())
                || !vm3.receives(tables.get(1).name())) {
            return Optional.empty();
        }
        Login.Entered way = sessions.way(vm3.node());
        // Others use the session of all meanwhile.
        Login.Entered own = login.enter(way.node(), way.database()).orElseThrow();
        try (Session patient = own.session().within(STATEMENT)) {
            patient.execute("SET statement_timeout = " + STATEMENT.toMillis());
            return Optional.of(of(vm3, tables, new Login.Entered(own.node(), patient, own.database())));
        }
    }

    private Finding of(Survey vm3, List<TableFacts> tables, Login.Entered way) {
        long bytes = way.session().query(SIZE).number();
        if (bytes > MOST_BYTES) {
            return Finding.untold("backup-large", vm3.node(), Long.toString(bytes >> 20));
        }
        if (!"t".equals(way.session().query(MAY_CREATE).value())) {
            return Finding.untold("backup-right", vm3.node(), vm3.user());
        }
        Optional<Path> dump = program("pg_dump");
        Optional<Path> psql = program("psql");
        if (dump.isEmpty() || psql.isEmpty()) {
            return Finding.untold("backup-program", dump.isEmpty() ? "pg_dump" : "psql");
        }
        return of(vm3, tables, way, dump.get(), psql.get());
    }

    private Finding of(Survey vm3, List<TableFacts> tables, Login.Entered way, Path dump, Path psql) {
        String scratch = PREFIX + ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE);
        @Nullable Path file = null;
        boolean made = false;
        try {
            file = Files.createTempFile("minicluster-check-", ".sql");
            List<List<String>> before = rows(way, tables);
            Optional<String> trouble = trouble(
                    way,
                    List.of(dump.toString(), "--no-subscriptions", "--no-publications", "-f", file.toString()),
                    way.database());
            if (trouble.isPresent()) {
                return trouble.get().contains("server version")
                        ? Finding.untold("backup-old", vm3.node(), vm3.server().version())
                        : failed("pg_dump", trouble.get());
            }
            way.session().execute("CREATE DATABASE " + Sql.identifier(scratch) + " TEMPLATE template0");
            made = true;
            trouble = trouble(
                    way,
                    List.of(
                            psql.toString(),
                            "-X",
                            "-q",
                            "-o",
                            File.separator.equals("/") ? "/dev/null" : "NUL",
                            "-v",
                            "ON_ERROR_STOP=1",
                            "-f",
                            file.toString()),
                    scratch);
            if (trouble.isPresent()) {
                return failed("psql", trouble.get());
            }
            return judged(vm3, before, restored(way, scratch, tables), rows(way, tables));
        } catch (SqlFailedException e) {
            return e.sqlState().equals(TOO_LONG)
                    ? Finding.untold("backup-failed", vm3.node(), e.serverMessage())
                    : failed(vm3.node(), e.serverMessage());
        } catch (IOException e) {
            throw new EnvironmentException("expected a file for a backup to be writable, but was not (" + e + ")", e);
        } finally {
            remove(file);
            if (made) {
                drop(way, scratch);
            }
        }
    }

    private static void drop(Login.Entered way, String scratch) {
        try {
            way.session().execute("DROP DATABASE " + Sql.identifier(scratch));
        } catch (SqlFailedException e) {
            throw new EnvironmentException(
                    "expected the database " + scratch + " on " + e.node()
                            + " to be dropped after the check, but was not (" + e.serverMessage()
                            + "); drop it by hand",
                    e);
        }
    }

    private static Finding failed(String program, String said) {
        return Finding.wrong("backup-failed", program, said);
    }

    /** What arrives meanwhile is in the backup or not. */
    private static Finding judged(
            Survey vm3, List<List<String>> before, List<List<String>> restored, List<List<String>> after) {
        int count = restored.stream().mapToInt(List::size).sum();
        boolean equal = true;
        for (int i = 0; i < restored.size(); i++) {
            equal &= RowComparison.of(before.get(i), restored.get(i), true).isEqual()
                    || RowComparison.of(after.get(i), restored.get(i), true).isEqual();
        }
        return equal
                ? Finding.done("backup-done", vm3.node(), Integer.toString(count))
                : Finding.wrong("backup-differs", vm3.node());
    }

    private static List<List<String>> rows(Login.Entered way, List<TableFacts> tables) {
        return tables.stream()
                .map(table -> RowComparison.rows(
                        way.session(),
                        table,
                        table.columns().stream().map(ColumnFacts::name).toList(),
                        table.isSmall()))
                .toList();
    }

    private List<List<String>> restored(Login.Entered way, String scratch, List<TableFacts> tables) {
        Login.Entered there = login.enter(way.node(), scratch).orElseThrow();
        try {
            return rows(there, tables);
        } finally {
            there.session().close();
        }
    }

    /** Why a program did not do it; empty if it did. */
    private static Optional<String> trouble(Login.Entered way, List<String> command, String database)
            throws IOException {
        CheckedNode node = way.node();
        List<String> words = new ArrayList<>(command);
        words.addAll(List.of(
                "-w",
                "-h",
                node.address().host(),
                "-p",
                Integer.toString(node.address().port())));
        words.addAll(List.of("-U", node.user(), "-d", database));
        Path said = Files.createTempFile("minicluster-check-", ".err");
        try {
            ProcessBuilder builder = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(new File(File.separator.equals("/") ? "/dev/null" : "NUL")))
                    .redirectOutput(said.toFile());
            Map<String, String> environment = builder.environment();
            if (node.password() != null) {
                environment.put("PGPASSWORD", node.password());
            }
            Optional.ofNullable(node.parameters().get("sslmode")).ifPresent(mode -> environment.put("PGSSLMODE", mode));
            environment.put("LC_MESSAGES", "C");
            Process process = builder.start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.of("it took longer than " + PATIENCE_SECONDS + " s");
            }
            return process.exitValue() == 0 ? Optional.empty() : Optional.of(first(Files.readString(said)));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvironmentException("interrupted while a backup was made", e);
        } finally {
            remove(said);
        }
    }

    private static String first(String said) {
        return said.lines()
                .filter(line -> line.toLowerCase(Locale.ROOT).contains("error"))
                .findFirst()
                .or(() -> said.lines().findFirst())
                .orElse("")
                .strip();
    }

    private static void remove(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // The system clears its directory for temporary files.
        }
    }

    private static Optional<Path> program(String name) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
        return Arrays.stream(path.split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
