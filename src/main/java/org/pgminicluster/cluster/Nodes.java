package org.pgminicluster.cluster;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.server.PgServer;

/** The nodes of a cluster, and the views of them through other databases than the topology's own. */
final class Nodes {

    private final MiniCluster cluster;
    private final Map<String, Node> nodes = new LinkedHashMap<>();
    private final Map<String, Node> views = new ConcurrentHashMap<>();

    Nodes(MiniCluster cluster, List<PgServer> servers) {
        this.cluster = cluster;
        servers.forEach(server -> nodes.put(
                server.name(), new Node(cluster, server, cluster.topology().database())));
    }

    @Nullable
    Node get(String name) {
        return nodes.get(name);
    }

    List<Node> all() {
        return List.copyOf(nodes.values());
    }

    Map<String, Node> byName() {
        return nodes;
    }

    Node view(Node node, String database) {
        return views.computeIfAbsent(node.name() + "/" + database, key -> new Node(cluster, node.server(), database));
    }

    Collection<Node> withViews() {
        List<Node> all = new ArrayList<>(nodes.values());
        all.addAll(views.values());
        return all;
    }
}
