package org.pgminicluster.cluster;

import java.io.Serializable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.pgminicluster.journal.Rows;

/**
 * Both ends of every subscription at one moment, and the end of each node's log: what a failed wait shows and what a
 * status command prints.
 *
 * @param topology the topology's name
 * @param nodes one view for each node, in the topology's order
 */
public record ClusterSnapshot(String topology, List<NodeView> nodes) implements Serializable {

    public ClusterSnapshot {
        nodes = List.copyOf(nodes);
    }

    /**
     * One node.
     *
     * @param name the node
     * @param state {@code running}, {@code not running}, or why it did not answer
     * @param views the catalog views that were read, by title, in order; empty if it did not answer
     * @param logTail the last lines of its log
     */
    public record NodeView(String name, String state, Map<String, Rows> views, List<String> logTail)
            implements Serializable {
        public NodeView {
            views = Collections.unmodifiableMap(new LinkedHashMap<>(views));
            logTail = List.copyOf(logTail);
        }

        private String text() {
            String tables = views.entrySet().stream()
                    .filter(view -> !view.getValue().isEmpty())
                    .map(view ->
                            "  " + view.getKey() + "\n" + indent(view.getValue().toString()))
                    .collect(Collectors.joining("\n"));
            String log = logTail.isEmpty() ? "    (empty)" : "    " + String.join("\n    ", logTail);
            return "--- " + name + ": " + state + "\n" + tables + (tables.isEmpty() ? "" : "\n") + "  end of the log\n"
                    + log;
        }

        private static String indent(String text) {
            return text.lines().map(line -> "    " + line).collect(Collectors.joining("\n"));
        }
    }

    /** The view of one node. */
    public NodeView node(String name) {
        return nodes.stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no node " + name + " in this snapshot"));
    }

    @Override
    public String toString() {
        return "=== cluster " + topology + "\n"
                + nodes.stream().map(NodeView::text).collect(Collectors.joining("\n"));
    }
}
