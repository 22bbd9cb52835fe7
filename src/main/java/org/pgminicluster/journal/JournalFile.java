package org.pgminicluster.journal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A journal as a file of JSON lines, flushed with every entry so that a crash leaves all but the last. */
public final class JournalFile implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final BufferedWriter writer;
    private long written;
    private double last;
    private boolean closed;

    private JournalFile(BufferedWriter writer) {
        this.writer = writer;
    }

    /**
     * Writes what is in the journal and all that comes later.
     *
     * @throws UncheckedIOException if the file cannot be written
     */
    public static JournalFile record(Journal journal, Path file) {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            JournalFile journalFile = new JournalFile(Files.newBufferedWriter(file));
            journal.replay(journalFile::write);
            return journalFile;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
        try {
            writer.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
