package org.pgminicluster.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What happened, in order; nothing in it is ever changed. Safe for use by several threads. */
public final class Journal {

    private final long opened = System.nanoTime();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Consumer<Entry>> listeners = new CopyOnWriteArrayList<>();

    /** Writes down an event of one node, or of the whole cluster if {@code node} is null. */
    public void add(@Nullable String node, Event event) {
        synchronized (entries) {
            double millis = (System.nanoTime() - opened) / 1e6;
            Entry entry = new Entry(entries.size() + 1L, millis, node, event);
            entries.add(entry);
            // Inside the lock, so that listeners see the order of the journal.
            listeners.forEach(listener -> listener.accept(entry));
        }
    }

    /** Calls the listener for every entry from now on, in order, on the thread that adds it. */
    public void onEntry(Consumer<Entry> listener) {
        listeners.add(listener);
    }

    /** Calls the listener for every entry so far, then as {@link #onEntry} does; none is missed or told twice. */
    public void replay(Consumer<Entry> listener) {
        synchronized (entries) {
            entries.forEach(listener);
            listeners.add(listener);
        }
    }

    /** Everything so far. */
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
