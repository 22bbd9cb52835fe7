package org.pgminicluster.cluster;

import java.util.Map;
import org.pgminicluster.script.Peers;
import org.pgminicluster.server.PgServer;

/** How nodes reach each other, as their servers say. */
record RunningPeers(Map<String, Node> nodes) implements Peers {

    @Override
    public String host(String node) {
        return server(node).peerAddress().host();
    }

    @Override
    public int port(String node) {
        return server(node).peerAddress().port();
    }

    @Override
    public String passfile(String node) {
        return server(node).passfile();
    }

    private PgServer server(String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw new IllegalArgumentException("no node " + name);
        }
        return node.server();
    }
}
