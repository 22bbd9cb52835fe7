package org.pgminicluster.state;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Collectors;
import org.apiguardian.api.API;

/**
 * Both ends of every subscription at one moment, and the end of each node's log: what a failed wait shows and what a
 * status command prints.
 *
 * @param topology the topology's name
 * @param nodes each node, in the topology's order
 */
@API(status = API.Status.MAINTAINED)
public record ClusterState(String topology, List<NodeState> nodes) implements Serializable {

    public ClusterState {
        nodes = List.copyOf(nodes);
    }

    /** One node. */
    public NodeState node(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no node " + name + " in this state"));
    }

    /** All of it, as tables. */
    @Override
    public String toString() {
        return "=== cluster " + topology + "\n"
                + nodes.stream().map(NodeState::text).collect(Collectors.joining("\n"));
    }
}
