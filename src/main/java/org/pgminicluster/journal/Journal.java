package org.pgminicluster.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** What happened, in order; nothing in it is ever changed. Safe for use by several threads. */
@API(status = API.Status.MAINTAINED)
public final class Journal {

    private static final int LEAST = 100;

    private final long opened = System.nanoTime();
    private final Deque<Entry> entries = new ArrayDeque<>();
    private final long most;
    private long last;
    private long weight;
    private final List<Consumer<Entry>> listeners = new CopyOnWriteArrayList<>();

    /** One that keeps everything. */
    public Journal() {
        this(Long.MAX_VALUE);
    }

    /**
     * One that keeps the last entries only, for as long as what it is part of may run. Whoever needs all of them has it
     * recorded by a {@link JournalFile} from the beginning, and reads that.
     *
     * @param mostLetters how many letters the entries that are kept have together, at most
     */
    public Journal(long mostLetters) {
        most = mostLetters;
    }

    /** Writes down an event of one node, or of the whole cluster if {@code node} is null. */
    public void add(@Nullable String node, Event event) {
        synchronized (entries) {
            double millis = (System.nanoTime() - opened) / 1e6;
            Entry entry = new Entry(++last, millis, node, event);
            entries.add(entry);
            weight += letters(event);
            // Inside the lock, so that listeners see the order of the journal.
            listeners.forEach(listener -> listener.accept(entry));
            while (weight > most) {
                weight -= letters(entries.remove().event());
            }
        }
    }

    /** Calls the listener for every entry from now on, in order, on the thread that adds it. */
    public void onEntry(Consumer<Entry> listener) {
        listeners.add(listener);
    }

    /** Does not call the listener any more. */
    public void removeListener(Consumer<Entry> listener) {
        listeners.remove(listener);
    }

    /** How much room an entry takes, be it ever so short. */
    private static long letters(Event event) {
        long letters = LEAST;
        if (event instanceof Event.Sql sql) {
            letters += sql.sql().length();
            if (sql.result() instanceof Event.Selected selected) {
                for (Row row : selected.rows().values()) {
                    letters += LEAST;
                    for (@Nullable String value : row.values()) {
                        letters += value == null ? 1 : value.length() + 1;
                    }
                }
            }
        } else if (event instanceof Event.Observation seen) {
            letters += seen.text().length();
        } else if (event instanceof Trace.Contents contents) {
            letters += LEAST * (long) contents.rows().size();
        } else if (event instanceof Trace.LogLine line) {
            letters += line.text().length();
        }
        return letters;
    }

    /** Calls the listener for every entry so far, then as {@link #onEntry} does; none is missed or told twice. */
    public void replay(Consumer<Entry> listener) {
        synchronized (entries) {
            entries.forEach(listener);
            listeners.add(listener);
        }
    }

    /** Everything so far, or as much of it as is kept. */
    public List<Entry> entries() {
        synchronized (entries) {
            return List.copyOf(entries);
        }
    }

    /** The last statements of a node, oldest first. */
    public List<Entry> lastStatements(String node, int count) {
        List<Entry> statements = entries().stream()
                .filter(entry -> node.equals(entry.node()) && entry.event() instanceof Event.Sql)
                .toList();
        return statements.subList(Math.max(0, statements.size() - count), statements.size());
    }
}
