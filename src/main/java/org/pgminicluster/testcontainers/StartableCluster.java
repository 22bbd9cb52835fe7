package org.pgminicluster.testcontainers;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.Starter;
import org.pgminicluster.topology.Topology;
import org.testcontainers.lifecycle.Startable;
import org.testcontainers.postgresql.PostgreSQLContainer;

/**
 * A cluster that Testcontainers starts and stops, as a {@code @Container} of a test class or as a bean that Spring Boot's
 * support of Testcontainers looks after:
 *
 * <pre>{@code
 * @Container
 * static final StartableCluster cluster = new StartableCluster(topology);
 * }</pre>
 */
@API(status = API.Status.EXPERIMENTAL)
public final class StartableCluster implements Startable {

    private final Starter starter;
    private @Nullable MiniCluster running;

    public StartableCluster(Topology topology) {
        this(MiniCluster.of(topology));
    }

    /** With more said of the cluster, such as its settings. */
    public StartableCluster(Starter starter) {
        this.starter = starter;
    }

    /**
     * Starts the cluster, or does nothing if it is running.
     *
     * @throws MiniClusterException as {@link Starter#start()} does
     */
    @Override
    public synchronized void start() {
        if (running == null) {
            running = starter.start();
        }
    }

    /** Ends the cluster with all that it has; harmless when called twice. */
    @Override
    public synchronized void stop() {
        MiniCluster last = running;
        running = null;
        if (last != null) {
            last.close();
        }
    }

    /**
     * The running cluster.
     *
     * @throws MiniClusterException if it is not started
     */
    public synchronized MiniCluster cluster() {
        if (running == null) {
            throw new MiniClusterException("expected the cluster to be started, but was not; annotate its static field"
                    + " @Container, or call start() first");
        }
        return running;
    }

    /**
     * One of its nodes.
     *
     * @throws MiniClusterException if the cluster is not started or has no such node
     */
    public Node node(String name) {
        return cluster().node(name);
    }

    /**
     * The container of one of its nodes, for whatever takes a {@code JdbcDatabaseContainer}, such as Spring Boot's
     * {@code @ServiceConnection}. It starts and stops with the cluster.
     *
     * @throws MiniClusterException if the cluster is not started, has no such node, or its servers are processes
     * @see Node#unwrap
     */
    public PostgreSQLContainer container(String node) {
        return node(node).unwrap(PostgreSQLContainer.class);
    }
}
