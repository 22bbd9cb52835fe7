package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.List;

/** Takes down what happens, in the order in which it is told. */
final class Recorder {

    private final long start = System.nanoTime();
    private final List<HistoryEvent> events = new ArrayList<>();

    synchronized void add(HistoryEvent event) {
        events.add(event);
    }

    /** Milliseconds since the run began. */
    long now() {
        return (System.nanoTime() - start) / 1_000_000;
    }

    synchronized History history() {
        return new History(events);
    }
}
