package org.pgminicluster.cli.byhand;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.server.InParallel;

/** A cluster as somebody sees it who has nothing but psql and a shell. */
public final class ByHand {

    private final MiniCluster cluster;
    private final Map<String, ServerByHand> servers = new LinkedHashMap<>();
    private final Map<String, NodeFacts> lastSeen = new ConcurrentHashMap<>();

    /** All its servers have to run now: where their files are is needed when they do not. */
    public ByHand(MiniCluster cluster) {
        this.cluster = cluster;
        cluster.nodes().forEach(node -> servers.put(node.name(), ServerByHand.of(node, cluster)));
    }

    /** The server of a node. */
    public ServerByHand server(String node) {
        ServerByHand found = servers.get(node);
        if (found == null) {
            throw new IllegalArgumentException("no node " + node);
        }
        return found;
    }

    /** Tells what this thread does to the cluster from now on. */
    public DoneByHand watch() {
        return new DoneByHand(this, cluster.journal());
    }

    /** All nodes as they are now. */
    Map<String, NodeFacts> look() {
        List<Node> nodes = cluster.nodes();
        List<NodeFacts> facts = InParallel.map(
                nodes, node -> NodeFacts.of(node, server(node.name()), Optional.ofNullable(lastSeen.get(node.name()))));
        Map<String, NodeFacts> byNode = new LinkedHashMap<>();
        for (int i = 0; i < nodes.size(); i++) {
            byNode.put(nodes.get(i).name(), facts.get(i));
        }
        lastSeen.putAll(byNode);
        return byNode;
    }
}
