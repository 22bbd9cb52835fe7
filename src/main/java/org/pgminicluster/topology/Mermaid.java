package org.pgminicluster.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Draws a topology as a Mermaid flow chart: a box for each node with what it writes and what it copies, an arrow for
 * each subscription, a dashed one for each physical standby.
 *
 * @see <a href="https://mermaid.js.org/syntax/flowchart.html">Mermaid flow charts</a>
 */
final class Mermaid {

    private Mermaid() {}

    /**
     * @param database whose name is not written
     * @param primaries by standby
     */
    static String draw(String database, List<NodeSpec> nodes, Map<String, String> primaries) {
        List<String> lines = new ArrayList<>();
        lines.add("flowchart LR");
        nodes.forEach(node -> lines.add("    " + id(node.name()) + "[\"" + box(database, node) + "\"]"));
        for (NodeSpec node : nodes) {
            for (DatabaseSpec each : node.databases()) {
                for (Subscription subscription : each.subscriptions()) {
                    lines.add("    " + id(subscription.publisher()) + " -->|\"" + arrow(subscription) + "\"| "
                            + id(node.name()));
                }
            }
        }
        primaries.forEach((standby, primary) -> {
            lines.add("    " + id(standby) + "[\"<b>" + text(standby) + "</b><br/>hot standby\"]");
            lines.add("    " + id(primary) + " -.->|\"WAL\"| " + id(standby));
        });
        return String.join("\n", lines) + "\n";
    }

    private static String box(String main, NodeSpec node) {
        List<String> rows = new ArrayList<>();
        rows.add("<b>" + text(node.name()) + "</b>");
        for (DatabaseSpec database : node.databases()) {
            String prefix = database.name().equals(main) ? "" : text(database.name()) + ": ";
            database.publications().forEach(publication -> rows.add(prefix + "publishes " + text(what(publication))));
            if (!database.readOnly().isEmpty()) {
                rows.add(prefix + "read-only " + names(database.readOnly()));
            }
        }
        return String.join("<br/>", rows);
    }

    private static String what(Publication publication) {
        if (publication.allTables()) {
            return "all tables";
        }
        List<String> parts = new ArrayList<>();
        publication.tables().forEach(table -> parts.add(table.name().toString()));
        publication.schemas().forEach(schema -> parts.add("schema " + schema));
        return parts.isEmpty() ? "nothing yet" : String.join(", ", parts);
    }

    private static String arrow(Subscription subscription) {
        return text(String.join(", ", subscription.publications()) + " → " + subscription.name());
    }

    private static String names(List<TableName> tables) {
        return text(tables.stream().map(TableName::toString).collect(Collectors.joining(", ")));
    }

    /** Mermaid has words of its own, such as {@code end}, that cannot be an id. */
    private static String id(String node) {
        return "node_" + node.replace('-', '_');
    }

    /** Mermaid takes entities of HTML inside of quotes. */
    private static String text(String text) {
        return text.replace("&", "&amp;")
                .replace("\"", "&quot;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\n", " ");
    }
}
