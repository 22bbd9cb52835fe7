package org.pgminicluster.junit;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.junit.jupiter.api.extension.ParameterResolutionException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.topology.Topology;

/** The cluster of one scope: its topology is read once, and it is started once, even if that fails. */
@SuppressWarnings("deprecation") // JUnit before 5.13 closes nothing else that is in a store
final class ClusterHolder implements AutoCloseable, CloseableResource {

    private @Nullable Topology topology;
    private @Nullable MiniCluster cluster;
    private @Nullable RuntimeException failure;

    synchronized Topology topology(Supplier<Topology> read) {
        Topology known = topology;
        if (known == null) {
            known = read.get();
            topology = known;
        }
        return known;
    }

    synchronized MiniCluster cluster(Function<Topology, MiniCluster> start) {
        MiniCluster running = cluster;
        if (running != null) {
            return running;
        }
        if (failure != null) {
            throw notStarted(failure);
        }
        if (topology == null) {
            throw new IllegalStateException("the topology is to be read first");
        }
        try {
            running = start.apply(topology);
            cluster = running;
            return running;
        } catch (RuntimeException e) {
            failure = e;
            throw notStarted(e);
        }
    }

    /** A new one each time, since JUnit adds to the exceptions it gets. */
    private static ParameterResolutionException notStarted(RuntimeException cause) {
        return new ParameterResolutionException(
                "the cluster did not start: "
                        + String.valueOf(cause.getMessage()).lines().findFirst().orElse("no message"),
                cause);
    }

    /** The cluster if it has been started. */
    synchronized Optional<MiniCluster> started() {
        return Optional.ofNullable(cluster);
    }

    @Override
    public synchronized void close() {
        if (cluster != null) {
            cluster.close();
        }
    }
}
