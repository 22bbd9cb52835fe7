package org.pgminicluster.wait;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.WorkerErrors;

/**
 * Looks for signs that waiting longer is of no use: a server that is gone, or a replication worker that has logged the
 * same error five times since the wait began and is still at it two seconds later. An error that may go away by itself
 * is no such sign: a publisher may come back, and others may let go of slots and locks.
 */
final class HopelessSigns {

    private static final int TIMES = 5;
    private static final Duration AT_LEAST = Duration.ofSeconds(2);
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(250).toNanos();

    private final List<? extends Needed> nodes;
    private final boolean mustRun;
    private final Map<Needed, ServerLog.Mark> marks = new HashMap<>();
    private final long patientUntil;
    private long nextLook;

    /**
     * @param mustRun whether nothing comes from a server that is gone; its log may still be on its way
     * @param now by {@link System#nanoTime()}
     */
    HopelessSigns(List<? extends Needed> nodes, boolean mustRun, ServerSettings settings, long now) {
        this.nodes = nodes;
        this.mustRun = mustRun;
        nodes.forEach(node -> marks.put(node, node.log().mark()));
        patientUntil = now + settings.scaled(AT_LEAST).toNanos();
        nextLook = now + LOOK_EVERY_NANOS;
    }

    /** The reason to give up, if there is one; looks only now and then, since looking costs. */
    Optional<String> found(long now) {
        if (now < nextLook) {
            return Optional.empty();
        }
        nextLook = now + LOOK_EVERY_NANOS;
        for (Needed node : nodes) {
            if (mustRun && !node.isRunning()) {
                return Optional.of(node.name() + " is not running");
            }
            if (now >= patientUntil) {
                Optional<String> repeated = repeatedError(node);
                if (repeated.isPresent()) {
                    return repeated;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> repeatedError(Needed node) {
        return repeatedError(sinceBegin(node))
                .map(message ->
                        "a replication worker on " + node.name() + " fails again and again: ERROR:  " + message);
    }

    private String sinceBegin(Needed node) {
        return node.log().since(marks.getOrDefault(node, new ServerLog.Mark(0)));
    }

    /** What workers have failed by meanwhile that might have gone away, as lines of their own; empty if by nothing. */
    String passing() {
        return nodes.stream()
                .flatMap(node -> WorkerErrors.passing(sinceBegin(node)).entrySet().stream()
                        .map(error -> "\nmeanwhile a replication worker on " + node.name() + " has failed "
                                + (error.getValue() == 1 ? "once" : error.getValue() + " times") + ": ERROR:  "
                                + error.getKey()))
                .collect(Collectors.joining());
    }

    /** The error that a worker has logged too often, if there is one in this piece of a log. */
    static Optional<String> repeatedError(String log) {
        return WorkerErrors.in(log).entrySet().stream()
                .filter(error -> error.getValue() >= TIMES)
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
