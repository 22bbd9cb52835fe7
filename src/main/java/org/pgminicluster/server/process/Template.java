package org.pgminicluster.server.process;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Interrupts;
import org.pgminicluster.server.TemplateLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The data directory that every server begins with: what {@code initdb} makes, with a database {@code rep}. Nobody can
 * log in to it: the superuser has no password and {@code pg_hba.conf} lets no one in.
 *
 * @see <a href="https://www.postgresql.org/docs/13/app-initdb.html">initdb</a>
 */
final class Template {

    /** The database in it, which a server's own database is made from by renaming. */
    static final String DATABASE = "rep";

    /** The superuser in it. */
    static final String SUPERUSER = "postgres";

    private static final Logger LOG = LoggerFactory.getLogger(Template.class);

    /** To be raised when what this class puts into the directory changes. */
    private static final int LAYOUT = 3;

    private static final List<String> INITDB = List.of(
            "--username=" + SUPERUSER,
            "--encoding=UTF8",
            "--locale=C",
            "--data-checksums",
            "--auth=reject",
            "--no-sync");

    /** The switch keeps what initdb logged, 8 MB, out of the copies. */
    private static final String SQL = "CREATE DATABASE " + DATABASE + ";\n\nSELECT pg_switch_wal();\n\nCHECKPOINT;\n\n"
            + "COPY (SELECT pg_walfile_name(pg_current_wal_insert_lsn())) TO '%s';\n\n";

    private static final int ATTEMPTS = 3;
    private static final String CONTENT = "content.properties";

    private final Binaries binaries;
    private final Path cache;
    private final Duration atMost;
    private final Path home;
    private volatile TreeCopy.@Nullable Tree tree;

    Template(Binaries binaries, Path cache, Duration atMost) {
        this.binaries = binaries;
        this.cache = cache;
        this.atMost = atMost;
        this.home = cache.resolve("templates").resolve(key(binaries));
    }

    /** Copies it to a directory that is not there yet, making or repairing it first where necessary. */
    void copyTo(Path data) {
        IOException last = null;
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            TreeCopy.Content expected = content().orElseGet(this::make);
            try {
                TreeCopy.Tree copied = TreeCopy.copy(data(), data);
                if (copied.content().equals(expected)) {
                    tree = copied;
                    return;
                }
                LOG.warn("the template {} is damaged; making it anew", home);
            } catch (IOException e) {
                if (Interrupts.caused(e)) {
                    throw new MiniClusterException("interrupted while " + home + " was copied to " + data, e);
                }
                // Somebody may just replace a damaged one under our hands.
                last = e;
                LOG.warn("the template {} cannot be copied ({}); trying again", home, e.toString());
            }
            discard(expected);
            delete(data);
        }
        throw new EnvironmentException(
                "expected the template " + home + " to be copied to " + data
                        + ", but was not in "
                        + ATTEMPTS
                        + " attempts; look for what changes it, or for a full disk, or choose other directories with"
                        + " -Dminicluster.cache=DIRECTORY and -Dminicluster.tmp=DIRECTORY",
                last);
    }

    /** Where it is. */
    Path data() {
        return home.resolve("data");
    }

    /** What was in it when it was copied for the last time; null before. */
    TreeCopy.@Nullable Tree tree() {
        return tree;
    }

    Binaries binaries() {
        return binaries;
    }

    /** Small WAL files, of which each server writes one at least; before 11 there were none but those of 16 MB. */
    private static List<String> initdb(Binaries binaries) {
        return binaries.version().major() < 11
                ? INITDB
                : Stream.concat(INITDB.stream(), Stream.of("--wal-segsize=1")).toList();
    }

    private static String key(Binaries binaries) {
        CRC32 settings = new CRC32();
        settings.update((binaries.directory().getFileName() + " " + initdb(binaries) + SQL + LAYOUT + binaries.runAs())
                .getBytes(StandardCharsets.UTF_8));
        return binaries.version().full() + "-" + String.format("%08x", settings.getValue());
    }

    /** What a complete template says of itself; empty if there is none. */
    private Optional<TreeCopy.Content> content() {
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(Files.readString(home.resolve(CONTENT))));
            return Optional.of(new TreeCopy.Content(
                    Long.parseLong(properties.getProperty("files", "")),
                    Long.parseLong(properties.getProperty("bytes", "")),
                    Long.parseLong(properties.getProperty("checksum", ""))));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private TreeCopy.Content make() {
        return TemplateLock.hold(
                cache, "template-" + home.getFileName(), () -> content().orElseGet(this::makeLocked));
    }

    private TreeCopy.Content makeLocked() {
        LOG.info("making a template data directory of PostgreSQL {} in {}", binaries.version(), home);
        Path beside = home.resolveSibling(home.getFileName() + ".making");
        try {
            Directories.delete(beside);
            Directories.delete(home);
            Files.createDirectories(beside);
            binaries.runAs().handOver(beside);
            initialise(beside);
            TreeCopy.Content content = TreeCopy.look(beside.resolve("data")).content();
            Directories.write(beside.resolve(CONTENT), text(content), "rw-r--r--");
            Files.move(beside, home, StandardCopyOption.ATOMIC_MOVE);
            return content;
        } catch (IOException e) {
            throw Directories.unwritable(cache, "the cache directory", "minicluster.cache", e);
        }
    }

    private void initialise(Path directory) throws IOException {
        Path data = directory.resolve("data");
        Path log = directory.resolve("initdb.log");
        List<String> arguments = new ArrayList<>(initdb(binaries));
        arguments.add("--pgdata=" + data);
        Path walFile = directory.resolve("wal-file");
        int exitCode = Command.run(binaries.command("initdb", arguments), "", log, atMost);
        if (exitCode == 0) {
            exitCode = new SingleUser(binaries, data, log, atMost)
                    .run(String.format(SQL, walFile.toString().replace("'", "''")));
        }
        if (exitCode != 0) {
            throw new MiniClusterException("expected initdb to make a template in " + directory + ", but it ended with "
                    + exitCode + ":\n" + Files.readString(log).strip());
        }
        deleteSpareWal(data.resolve("pg_wal"), Files.readString(walFile).strip());
    }

    /**
     * After a clean shutdown only the last segment written is read. Those after it are spare ones full of old records,
     * and are made again when needed.
     */
    private static void deleteSpareWal(Path wal, String lastWritten) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(wal, Files::isRegularFile)) {
            for (Path file : files) {
                if (file.getFileName().toString().compareTo(lastWritten) > 0) {
                    Files.delete(file);
                }
            }
        }
    }

    private static String text(TreeCopy.Content content) throws IOException {
        Properties properties = new Properties();
        properties.setProperty("files", Long.toString(content.files()));
        properties.setProperty("bytes", Long.toString(content.bytes()));
        properties.setProperty("checksum", Long.toString(content.checksum()));
        StringWriter text = new StringWriter();
        properties.store(text, "what is in data/, to tell an incomplete one");
        return text.toString();
    }

    /** Takes the template's word away unless somebody else made it anew in the meantime. */
    private void discard(TreeCopy.Content damaged) {
        TemplateLock.hold(cache, "template-" + home.getFileName(), () -> {
            try {
                if (content().equals(Optional.of(damaged))
                        && !TreeCopy.look(data()).content().equals(damaged)) {
                    Files.deleteIfExists(home.resolve(CONTENT));
                }
            } catch (IOException e) {
                delete(home);
            }
            return home;
        });
    }

    private static void delete(Path directory) {
        try {
            Directories.delete(directory);
        } catch (IOException e) {
            throw new MiniClusterException("could not delete " + directory + ": " + e, e);
        }
    }
}
