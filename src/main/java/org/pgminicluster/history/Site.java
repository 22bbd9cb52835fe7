package org.pgminicluster.history;

import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.topology.Topology;

/**
 * A database on a server: where rows are written, or arrive.
 *
 * @param node the server
 * @param database the database
 * @param name how plans and histories call it: by the server alone if it is the topology's own database
 */
record Site(String node, String database, String name) {

    static Site of(Topology topology, String node, String database) {
        return new Site(node, database, database.equals(topology.database()) ? node : node + "/" + database);
    }

    /** The same database on another server, such as a standby. */
    Site on(String server) {
        return new Site(server, database, server + name.substring(node.length()));
    }

    Node in(MiniCluster cluster) {
        return cluster.node(node).in(database);
    }

    @Override
    public String toString() {
        return name;
    }
}
