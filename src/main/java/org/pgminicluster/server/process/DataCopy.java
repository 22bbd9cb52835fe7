package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.BaseBackup;
import org.pgminicluster.server.ServerLog;

/** Replaces the data directory of a server that is down by a copy of another's. */
final class DataCopy {

    /** Since then pg_rewind brings a killed server's data in order, and writes how it follows, by itself. */
    private static final int REWIND = 13;

    private final Binaries binaries;
    private final ClientPrograms programs;
    private final Path data;
    private final Path log;
    private final Duration atMost;

    DataCopy(Binaries binaries, ClientPrograms programs, Path data, Path log, Duration atMost) {
        this.binaries = binaries;
        this.programs = programs;
        this.data = data;
        this.log = log;
        this.atMost = atMost;
    }

    /** How to connect to the server that is copied as its superuser, for a backup without a program. */
    @FunctionalInterface
    interface Connector {
        Connection open() throws SQLException;
    }

    /** Returns what made the copy. */
    String make(BaseBackup backup, Path source, Connector superuser) {
        int major = binaries.version().major();
        if (backup.rewind() && backup.slot().isPresent() && major >= REWIND) {
            Optional<Path> program = programs.exactly("pg_rewind", major);
            if (program.isPresent()
                    && rewound(program.get(), backup.conninfo(), backup.slot().get())) {
                return "pg_rewind";
            }
        }
        delete();
        Optional<Path> program = programs.serving("pg_basebackup", major);
        try {
            if (program.isPresent()) {
                copyBy(program.get(), backup);
            } else {
                try (Connection connection = superuser.open()) {
                    new LowLevelBackup(connection, major, source, data).run();
                }
                if (backup.slot().isPresent()) {
                    Directories.write(data.resolve("standby.signal"), "", "rw-------");
                }
            }
            if (backup.slot().isPresent()) {
                follow(backup.conninfo(), backup.slot().get());
            }
            return program.isPresent() ? "pg_basebackup" : "low-level base backup";
        } catch (SQLException | IOException e) {
            throw new MiniClusterException("could not copy " + source + " to " + data + ": " + e.getMessage(), e);
        }
    }

    private boolean rewound(Path program, String conninfo, String slot) {
        List<String> command = List.of(
                program.toString(),
                "--target-pgdata=" + data,
                "--source-server=" + conninfo,
                "--write-recovery-conf",
                "--no-sync");
        // With the file of a server that is gone it would ask whether that pid lives, and it may be anybody's.
        try {
            Files.deleteIfExists(PostmasterPid.file(data));
            if (Command.run(binaries.runAs().command(command), "", log, atMost) != 0 || !hasFirstWal()) {
                return false;
            }
            follow(conninfo, slot);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Of no use without the WAL since the two parted, which the source may have removed. */
    private boolean hasFirstWal() throws IOException {
        Matcher file = LowLevelBackup.FIRST_WAL.matcher(Files.readString(data.resolve("backup_label")));
        return file.find() && Files.exists(data.resolve("pg_wal").resolve(file.group(1)));
    }

    private void copyBy(Path program, BaseBackup backup) {
        List<String> command = new ArrayList<>(List.of(
                program.toString(),
                "--pgdata=" + data,
                "--dbname=" + backup.conninfo(),
                "--wal-method=stream",
                "--checkpoint=fast",
                "--no-sync",
                "--no-password"));
        backup.slot().ifPresent(slot -> command.addAll(List.of("--write-recovery-conf", "--slot=" + slot)));
        if (Command.run(binaries.runAs().command(command), "", log, atMost) != 0) {
            throw new MiniClusterException("could not get a base backup into " + data + "; " + program + " says why in "
                    + log + ":\n" + tail());
        }
    }

    private String tail() {
        return new ServerLog(log).tailText();
    }

    /**
     * Once more what {@code --write-recovery-conf} has written, and the last word counts: a program of a newer major
     * writes options that the server's own library does not know, and {@code pg_rewind} writes no slot.
     */
    private void follow(String conninfo, String slot) throws IOException {
        Files.write(
                data.resolve("postgresql.auto.conf"),
                List.of(
                        "primary_conninfo = '" + conninfo.replace("'", "''") + "'",
                        "primary_slot_name = '" + slot + "'"),
                StandardOpenOption.APPEND);
    }

    private void delete() {
        try {
            Directories.delete(data);
            // Made here for a program that runs as another user, who may not make one beside it.
            Files.createDirectory(data, Directories.only("rwx------"));
            binaries.runAs().handOver(data);
        } catch (IOException e) {
            throw new MiniClusterException("could not empty " + data + ": " + e, e);
        }
    }
}
