package org.pgminicluster.server;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apiguardian.api.API;

/** A server's log, kept in a file that outlives the server. */
@API(status = API.Status.MAINTAINED)
public final class ServerLog {

    private static final int TAIL_LINES = 20;
    private static final int TAIL_BYTES = 64 * 1024;

    private final Path file;
    private final long begin;

    public ServerLog(Path file) {
        this(file, 0);
    }

    private ServerLog(Path file, long begin) {
        this.file = file;
        this.begin = begin;
    }

    /** The same log as if it began here: of what was logged before, nothing is to be seen. */
    public ServerLog from(Mark mark) {
        return new ServerLog(file, begin + mark.offset());
    }

    /** A place in the log: what comes after it is what {@link #since(Mark)} returns. */
    public record Mark(long offset) {}

    public Path file() {
        return file;
    }

    /** The end of the log as it is now. */
    public Mark mark() {
        return new Mark(size());
    }

    /** Everything logged after the mark. */
    public String since(Mark mark) {
        return read(mark.offset(), size());
    }

    /** Everything logged between two marks. */
    public String between(Mark from, Mark to) {
        return read(from.offset(), to.offset());
    }

    /** The last 20 lines. */
    public List<String> tail() {
        long size = size();
        List<String> lines = read(Math.max(0, size - TAIL_BYTES), size).lines().toList();
        return List.copyOf(lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
    }

    /** The last 20 lines, indented, or a word that there are none. */
    public String tailText() {
        List<String> lines = tail();
        return lines.isEmpty() ? "    (the log is empty)" : "    " + String.join("\n    ", lines);
    }

    private long size() {
        try {
            return Files.exists(file) ? Math.max(0, Files.size(file) - begin) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String read(long from, long to) {
        if (from >= to) {
            return "";
        }
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] bytes = new byte[Math.toIntExact(to - from)];
            in.seek(begin + from);
            in.readFully(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
