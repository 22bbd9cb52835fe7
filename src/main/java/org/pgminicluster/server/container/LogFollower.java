package org.pgminicluster.server.container;

import com.github.dockerjava.api.DockerClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.ServerLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what a container says into a file, from its first word. It is attached before each start and not asked for its
 * log afterwards: so nothing is missed, and nothing is written twice after a restart.
 */
final class LogFollower {

    private static final Logger LOG = LoggerFactory.getLogger(LogFollower.class);
    private static final long ATTACH_SECONDS = 10;
    private static final long DRAIN_SECONDS = 5;

    private final Path file;
    private @Nullable ContainerOutput stream;

    /** Begins an empty file. */
    LogFollower(Path file) {
        this.file = file;
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            Files.write(file, new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException("could not write the log " + file, e);
        }
    }

    ServerLog log() {
        return new ServerLog(file);
    }

    /** To be called before the container is started, and each time that it is. */
    synchronized void attach(DockerClient client, String containerId) {
        drain();
        ContainerOutput attached = new ContainerOutput(file);
        stream = attached;
        client.attachContainerCmd(containerId)
                .withStdOut(true)
                .withStdErr(true)
                .withFollowStream(true)
                .exec(attached);
        try {
            if (!attached.awaitStarted(ATTACH_SECONDS, TimeUnit.SECONDS)) {
                throw new MiniClusterException("expected the container engine to hand out the output of " + containerId
                        + " within " + ATTACH_SECONDS + " s, but was silent");
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    /** Instead of {@link #attach}, of a container that runs already. */
    synchronized void goOn(ContainerOutput output) {
        output.writeTo(file);
        stream = output;
    }

    /**
     * Has the server end and another one begin, whose output is no longer written here.
     *
     * @return the output, or null if the server did not end by this
     */
    synchronized @Nullable ContainerOutput startOver(BooleanSupplier order) {
        ContainerOutput attached = stream;
        if (attached == null || !attached.isFlowing()) {
            return null;
        }
        attached.expectGone();
        if (!order.getAsBoolean() || !attached.awaitGone(Duration.ofSeconds(DRAIN_SECONDS))) {
            return null;
        }
        stream = null;
        return attached;
    }

    /** The container has been started. Before, its output is open and the container does not run. */
    synchronized void begun() {
        if (stream != null) {
            stream.begin();
        }
    }

    /** The output of a container that has been started, whether it still runs or not. */
    synchronized @Nullable Object begunOutput() {
        return stream != null && stream.hasBegun() ? stream : null;
    }

    /** Whether the container still holds its output open; one that does lives. */
    synchronized boolean isFlowing() {
        return stream != null && stream.isFlowing();
    }

    /**
     * Returns when the server has said that it is ready, has ended, or {@code atMost} is over. A hint and no proof, but
     * one that costs nothing: whoever connects earlier is turned away, which takes time that the start needs, and leaves
     * an error in the log.
     */
    void awaitHintOfReadiness(Duration atMost) {
        ContainerOutput attached = current();
        if (attached == null) {
            return;
        }
        // Some settings keep it from saying so.
        attached.awaitReady(atMost);
        if (Thread.currentThread().isInterrupted()) {
            throw interrupted(null);
        }
    }

    private synchronized @Nullable ContainerOutput current() {
        return stream;
    }

    /** Returns when all that a container said before its end is in the file. To be called when it has ended. */
    synchronized void drain() {
        ContainerOutput attached = stream;
        if (attached == null) {
            return;
        }
        stream = null;
        try {
            if (!attached.awaitCompletion(DRAIN_SECONDS, TimeUnit.SECONDS)) {
                LOG.warn("{} may lack its last lines: the container engine did not end the output", file);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        } catch (RuntimeException e) {
            LOG.warn("{} may lack its last lines", file, e);
        }
    }

    /** The same, unless the container has been started again in the meantime. */
    synchronized void drain(@Nullable Object output) {
        if (stream == output) {
            drain();
        }
    }

    private static MiniClusterException interrupted(@Nullable InterruptedException cause) {
        Thread.currentThread().interrupt();
        return new MiniClusterException("interrupted while a server's log was read", cause);
    }
}
