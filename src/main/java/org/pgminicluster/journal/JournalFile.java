package org.pgminicluster.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apiguardian.api.API;
import org.pgminicluster.MiniClusterException;

/**
 * A journal as a file of JSON lines, flushed with every entry so that a crash leaves all but the last. The first line has
 * the version of its form.
 */
@API(status = API.Status.INTERNAL)
public final class JournalFile implements AutoCloseable {

    /** Before 2, which has facts, waits and faults were English sentences, and no line told the version. */
    static final int VERSION = 2;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Those that are not closed, in this JVM. */
    private static final Set<Path> OPEN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final BufferedWriter writer;
    private long written;
    private double last;
    private boolean closed;

    private JournalFile(Path path, BufferedWriter writer) {
        this.path = path;
        this.writer = writer;
    }

    /**
     * Writes what is in the journal and all that comes later.
     *
     * @throws MiniClusterException if another journal is being written there
     * @throws UncheckedIOException if the file cannot be written
     */
    public static JournalFile record(Journal journal, Path file) {
        Path path = file.toAbsolutePath().normalize();
        if (!OPEN.add(path)) {
            throw new MiniClusterException(
                    "expected no other cluster that runs to have " + path.getParent()
                            + " for its journal and logs, but one has; give clusters that run at the same time names of their own");
        }
        try {
            Files.createDirectories(path.getParent());
            // Rows are for who may read the databases.
            Files.deleteIfExists(path);
            Files.createFile(path, forOwnerAlone(path));
            JournalFile journalFile = new JournalFile(path, Files.newBufferedWriter(path));
            journalFile.write(head());
            journal.replay(journalFile::write);
            return journalFile;
        } catch (IOException e) {
            OPEN.remove(path);
            throw new UncheckedIOException(e);
        }
    }

    static Entry head() {
        return new Entry(0, 0, null, new Trace.Head(VERSION));
    }

    private static FileAttribute<?>[] forOwnerAlone(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private synchronized void write(Entry entry) {
        if (closed) {
            // The journal goes on without this file, for instance with another cluster.
            return;
        }
        try {
            writer.write(JSON.writeValueAsString(entry));
            writer.newLine();
            writer.flush();
            written = entry.seq();
            last = entry.millis();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an entry that JSON cannot hold: " + entry, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes the line that tells this file from one that was cut short. Harmless when called twice. */
    @Override
    public synchronized void close() {
        if (!closed) {
            write(new Entry(written + 1, last, null, new Trace.Ended(written)));
        }
        closed = true;
        OPEN.remove(path);
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
