package org.pgminicluster.cluster;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.WorkerErrors;

/**
 * Looks for signs that waiting longer is of no use: a server that is gone, or a replication worker that has logged the
 * same error five times since the wait began and is still at it two seconds later. An error that only says that the
 * publisher is not there is no such sign: it may come back.
 */
final class HopelessSigns {

    private static final int TIMES = 5;
    private static final Duration AT_LEAST = Duration.ofSeconds(2);
    private static final long LOOK_EVERY_NANOS = Duration.ofMillis(250).toNanos();

    private final List<Node> nodes;
    private final Map<Node, ServerLog.Mark> marks = new HashMap<>();
    private final long patientUntil;
    private long nextLook;

    HopelessSigns(List<Node> nodes, ServerSettings settings) {
        this.nodes = nodes;
        nodes.forEach(node -> marks.put(node, node.log().mark()));
        long now = System.nanoTime();
        patientUntil = now + settings.scaled(AT_LEAST).toNanos();
        nextLook = now + LOOK_EVERY_NANOS;
    }

    /** The reason to give up, if there is one; looks only now and then, since looking costs. */
    Optional<String> found() {
        long now = System.nanoTime();
        if (now < nextLook) {
            return Optional.empty();
        }
        nextLook = now + LOOK_EVERY_NANOS;
        for (Node node : nodes) {
            if (!node.isRunning()) {
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

    private Optional<String> repeatedError(Node node) {
        ServerLog.Mark mark = marks.getOrDefault(node, new ServerLog.Mark(0));
        return repeatedError(node.log().since(mark))
                .map(message ->
                        "a replication worker on " + node.name() + " fails again and again: ERROR:  " + message);
    }

    /** The error that a worker has logged too often, if there is one in this piece of a log. */
    static Optional<String> repeatedError(String log) {
        return WorkerErrors.in(log).entrySet().stream()
                .filter(error -> error.getValue() >= TIMES)
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
