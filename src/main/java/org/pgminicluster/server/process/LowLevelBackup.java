package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A base backup without a program for it: the server is told that one begins, its files are copied while it runs, and
 * it is told the end. Torn pages do no harm, since the WAL that is read first on the copy has them whole.
 *
 * @see <a href="https://www.postgresql.org/docs/13/continuous-archiving.html#BACKUP-LOWLEVEL-BASE-BACKUP">Making a Base
 *     Backup Using the Low Level API</a>
 */
final class LowLevelBackup {

    /** The functions have another name and no third parameter since. */
    private static final int RENAMED = 15;

    /** Of these the copy makes its own. */
    private static final Set<String> WITHOUT_CONTENT = Set.of(
            "pg_wal",
            "pg_replslot",
            "pg_dynshmem",
            "pg_notify",
            "pg_serial",
            "pg_snapshots",
            "pg_stat_tmp",
            "pg_subtrans");

    private static final Set<String> LEFT_OUT = Set.of(
            "postmaster.pid",
            "postmaster.opts",
            "backup_label",
            "tablespace_map",
            "pg_internal.init",
            "standby.signal");

    private static final Path CONTROL = Path.of("global", "pg_control");

    static final Pattern FIRST_WAL = Pattern.compile("START WAL LOCATION: .*\\(file ([0-9A-F]+)\\)");

    private final Connection connection;
    private final int major;
    private final Path source;
    private final Path target;

    /**
     * @param connection of a superuser to the server that is copied; kept open from the beginning to the end
     * @param source its data directory
     * @param target the directory to be made
     */
    LowLevelBackup(Connection connection, int major, Path source, Path target) {
        this.connection = connection;
        this.major = major;
        this.source = source;
        this.target = target;
    }

    void run() throws SQLException, IOException {
        begin();
        copyTree();
        // Last, as pg_basebackup does: a standby's says up to where the files that were copied before may have come.
        copy(source.resolve(CONTROL));
        String first;
        try (Statement statement = connection.createStatement();
                ResultSet end = statement.executeQuery(
                        major >= RENAMED
                                ? "SELECT labelfile, spcmapfile FROM pg_backup_stop(false)"
                                : "SELECT labelfile, spcmapfile FROM pg_stop_backup(false, false)")) {
            end.next();
            first = firstWal(end.getString(1));
            Directories.write(target.resolve("backup_label"), end.getString(1), "rw-------");
            if (!end.getString(2).isBlank()) {
                Directories.write(target.resolve("tablespace_map"), end.getString(2), "rw-------");
            }
        }
        copyWal(first);
    }

    private void begin() throws SQLException {
        String start = major >= RENAMED ? "pg_backup_start(?, true)" : "pg_start_backup(?, true, false)";
        try (PreparedStatement statement = connection.prepareStatement("SELECT " + start)) {
            statement.setString(1, "pg-minicluster");
            statement.execute();
        }
    }

    /** The first WAL file that the copy needs. A standby tells no name of one by any function, but the label has it. */
    private static String firstWal(String label) throws IOException {
        Matcher file = FIRST_WAL.matcher(label);
        if (!file.find()) {
            throw new IOException("the backup's label names no WAL file: " + label);
        }
        return file.group(1);
    }

    private void copyTree() throws IOException {
        Files.walkFileTree(source, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes)
                    throws IOException {
                Files.createDirectories(target.resolve(source.relativize(directory)), Directories.only("rwx------"));
                if (WITHOUT_CONTENT.contains(source.relativize(directory).toString())) {
                    if (directory.endsWith("pg_wal")) {
                        Files.createDirectory(
                                target.resolve("pg_wal").resolve("archive_status"), Directories.only("rwx------"));
                    }
                    return FileVisitResult.SKIP_SUBTREE;
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = file.getFileName().toString();
                boolean control = source.relativize(file).equals(CONTROL);
                if (!control && !LEFT_OUT.contains(name) && !name.startsWith("pgsql_tmp") && !name.endsWith(".new")) {
                    copy(file);
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
    }

    /** A file that the server removes meanwhile is one that the WAL knows to be removed. */
    private void copy(Path file) throws IOException {
        Path copied = target.resolve(source.relativize(file));
        try {
            Files.copy(file, copied);
        } catch (NoSuchFileException e) {
            Files.deleteIfExists(copied);
        }
    }

    /**
     * The end of a backup of a primary switches to a new WAL file, so all that are needed are complete. A standby's last one
     * is complete as far as it has received it, and who follows it gets the rest.
     */
    private void copyWal(String first) throws IOException {
        try (Stream<Path> files = Files.list(source.resolve("pg_wal"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".history") || (name.length() == first.length() && name.compareTo(first) >= 0)) {
                    copy(file);
                }
            }
        }
    }
}
