package org.pgminicluster.server.container;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.ShutdownHook;

/** The networks that no cluster of this JVM uses just now. It is empty when the JVM ends. */
final class NetworkStock implements AutoCloseable {

    private static final NetworkStock INSTANCE = new NetworkStock();

    /** More than that are of no use to clusters that are started one after the other, or a few at once. */
    private static final int MOST = 4;

    /** Of one that is kept; where a cluster has no node of a name, nothing listens. */
    private static final int MOST_NODES = 24;

    private final Deque<NodeNetwork> idle = new ArrayDeque<>();
    private boolean closed;

    private NetworkStock() {
        Behind.begin();
        ShutdownHook.register(this);
    }

    /** The one that has most of what these nodes need; a new one if there is none, or a port is to be published on it. */
    static NodeNetwork take(Engine engine, List<ServerSpec> nodes) {
        return nodes.stream().anyMatch(node -> node.port() != 0)
                ? new NodeNetwork(engine)
                : INSTANCE.taken(nodes).orElseGet(() -> new NodeNetwork(engine));
    }

    /** From a cluster whose servers are dead; one that is no longer as new is removed. */
    static void giveBack(NodeNetwork network) {
        if (network.hasFixedPort()) {
            // The next cluster may ask for the same port.
            network.remove();
        } else if (!network.isAsNew() || !INSTANCE.kept(network)) {
            Behind.remove(network.toString(), network::remove);
        }
    }

    private synchronized Optional<NodeNetwork> taken(List<ServerSpec> nodes) {
        Optional<NodeNetwork> best = idle.stream()
                .filter(network -> network.size() + network.missing(nodes) <= MOST_NODES)
                .min(Comparator.<NodeNetwork>comparingInt(network -> network.missing(nodes))
                        .thenComparingInt(network -> -network.spares().standReadyFor(nodes)));
        best.ifPresent(idle::remove);
        return best;
    }

    private boolean kept(NodeNetwork network) {
        NodeNetwork oldest;
        synchronized (this) {
            if (closed) {
                return false;
            }
            idle.addLast(network);
            if (idle.size() <= MOST) {
                return true;
            }
            oldest = idle.removeFirst();
        }
        Behind.remove(oldest.toString(), oldest::remove);
        return true;
    }

    /** The names of those that are kept for later clusters. */
    static List<String> names() {
        synchronized (INSTANCE) {
            return INSTANCE.idle.stream().map(NodeNetwork::name).toList();
        }
    }

    /** For those who look whether something is left. */
    static void removeSpares() {
        List<NodeNetwork> networks;
        synchronized (INSTANCE) {
            networks = List.copyOf(INSTANCE.idle);
        }
        networks.forEach(network -> network.spares().removeAll());
    }

    private void removeAll() {
        List<NodeNetwork> left;
        synchronized (this) {
            left = List.copyOf(idle);
            idle.clear();
        }
        InParallel.toTheEnd(left, NodeNetwork::remove);
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        removeAll();
    }
}
