package org.pgminicluster.history;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apiguardian.api.API;

/** What happened in a run, in the order in which it was recorded. */
@API(status = API.Status.EXPERIMENTAL)
public record History(List<HistoryEvent> events) {

    public History {
        events = List.copyOf(events);
    }

    /** Those of one kind, in order. */
    public <T extends HistoryEvent> Stream<T> all(Class<T> kind) {
        return events.stream().filter(kind::isInstance).map(kind::cast);
    }

    <T extends HistoryEvent> Optional<T> first(Class<T> kind) {
        return all(kind).findFirst();
    }

    /** As JSON lines. */
    public List<String> lines() {
        return JsonLines.format(events);
    }

    /**
     * Reads what {@link #lines()} has written.
     *
     * @throws org.pgminicluster.MiniClusterException if it is no history
     */
    public static History parse(List<String> lines) {
        return new History(JsonLines.parse(lines, HistoryEvent.class));
    }

    /**
     * Writes it to a file.
     *
     * @throws java.io.UncheckedIOException if that cannot be written
     */
    public Path writeTo(Path file) {
        return JsonLines.write(file, lines());
    }

    /**
     * Reads it from a file.
     *
     * @throws java.io.UncheckedIOException if that cannot be read
     */
    public static History readFrom(Path file) {
        return parse(JsonLines.read(file));
    }
}
