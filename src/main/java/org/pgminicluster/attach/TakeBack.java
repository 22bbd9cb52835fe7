package org.pgminicluster.attach;

import java.util.ArrayDeque;
import java.util.Deque;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.runtime.Closing;

/** What is to be undone of what was made, the last first. */
final class TakeBack {

    private record Made(String what, String node, Runnable undo) {}

    private final Deque<Made> made = new ArrayDeque<>();

    /** To be said before it is made: undoing must do no harm if it never was. */
    synchronized void after(String what, String node, Runnable undo) {
        made.push(new Made(what, node, undo));
    }

    /** Each is tried, whatever becomes of the others; what was tried is not tried again. */
    synchronized void run() {
        Closing closing = new Closing();
        while (!made.isEmpty()) {
            Made last = made.pop();
            closing.attempt(() -> undo(last));
        }
        closing.finish();
    }

    private static void undo(Made last) {
        try {
            last.undo.run();
        } catch (RuntimeException e) {
            throw new MiniClusterException(
                    "expected " + last.what + " to be taken back from " + last.node + ", but was not (" + e.getMessage()
                            + "); take it away there by hand",
                    e);
        }
    }
}
