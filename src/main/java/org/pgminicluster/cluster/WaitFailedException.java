package org.pgminicluster.cluster;

import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;

/**
 * Something that was waited for did not come in time, or cannot come any more. The message says what was waited for,
 * how long, and what was last seen, then shows the {@link ClusterSnapshot} and the end of each node's log.
 */
public final class WaitFailedException extends MiniClusterException {

    private static final long serialVersionUID = 1L;

    private final boolean hopeless;
    private final ClusterSnapshot snapshot;

    WaitFailedException(String message, boolean hopeless, ClusterSnapshot snapshot, @Nullable Throwable cause) {
        super(snapshot.nodes().isEmpty() ? message : message + "\n\n" + snapshot, cause);
        this.hopeless = hopeless;
        this.snapshot = snapshot;
    }

    /** Whether the wait was given up before its time because it could not succeed. */
    public boolean isHopeless() {
        return hopeless;
    }

    /** Both ends of every subscription at the moment of failure; without nodes if the wait was interrupted. */
    public ClusterSnapshot snapshot() {
        return snapshot;
    }
}
