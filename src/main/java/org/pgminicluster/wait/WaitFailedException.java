package org.pgminicluster.wait;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.state.ClusterState;

/**
 * Something that was waited for did not come in time, or cannot come any more. The message says what was waited for,
 * how long, and what was last seen, then shows the {@link ClusterState} and the end of each node's log.
 */
@API(status = API.Status.MAINTAINED)
public final class WaitFailedException extends MiniClusterException {

    private static final long serialVersionUID = 1L;

    private final String summary;
    private final boolean hopeless;
    private final ClusterState snapshot;

    WaitFailedException(String message, boolean hopeless, ClusterState snapshot, @Nullable Throwable cause) {
        super(snapshot.nodes().isEmpty() ? message : message + "\n\n" + snapshot, cause);
        this.summary = message;
        this.hopeless = hopeless;
        this.snapshot = snapshot;
    }

    /** The message without the evidence: what was waited for, how long, and what was last seen. */
    public String summary() {
        return summary;
    }

    /** Whether the wait was given up before its time because it could not succeed. */
    public boolean isHopeless() {
        return hopeless;
    }

    /** Both ends of every subscription at the moment of failure; without nodes if the wait was interrupted. */
    public ClusterState snapshot() {
        return snapshot;
    }
}
