package org.pgminicluster.junit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.WaitFailedException;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Publication;

/** The evidence as people read it: who is who, what was done last, both ends of every subscription, the logs. */
final class EvidenceText {

    private static final int STATEMENTS = 5;
    private static final int LINES = 12;

    private EvidenceText() {}

    static String of(MiniCluster cluster, Throwable failure) {
        return "the cluster when the test failed\n"
                + "=== topology " + cluster.topology().name() + ", PostgreSQL " + cluster.version() + ", servers: "
                + cluster.servers() + "\n"
                + cluster.topology().nodes().stream().map(EvidenceText::node).collect(Collectors.joining("\n"))
                + "\n=== last statements\n"
                + cluster.nodes().stream()
                        .map(node -> statements(cluster, node))
                        .collect(Collectors.joining("\n"))
                + "\n"
                + (showsSnapshot(failure) ? "=== its state and the end of each log: above" : cluster.snapshot())
                + "\n=== logs and journal: " + cluster.directory();
    }

    /** A wait that failed has shown the cluster already. */
    private static boolean showsSnapshot(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof WaitFailedException wait) {
                return !wait.snapshot().nodes().isEmpty();
            }
        }
        return false;
    }

    private static String node(NodeSpec node) {
        List<String> roles = new ArrayList<>();
        for (DatabaseSpec database : node.databases()) {
            database.publications()
                    .forEach(publication -> roles.add("publishes " + publication.name() + " ("
                            + (publication.allTables()
                                    ? "all tables"
                                    : publication.tables().stream()
                                            .map(table -> table.name().toString())
                                            .collect(Collectors.joining(", ")))
                            + ")"));
            database.subscriptions()
                    .forEach(subscription -> roles.add("subscribes by " + subscription.name() + " to "
                            + subscription.publisher() + " " + String.join(", ", subscription.publications())));
            if (!database.guards().isEmpty()) {
                roles.add("guards "
                        + database.guards().stream().map(Object::toString).collect(Collectors.joining(", ")));
            }
        }
        return "    " + node.name() + (roles.isEmpty() ? "" : "  " + String.join("; ", roles));
    }

    private static String contents(Publication publication) {
        if (publication.allTables()) {
            return "all tables";
        }
        return Stream.concat(
                        publication.tables().stream().map(table -> table.name().toString()),
                        publication.schemas().stream().map(schema -> "schema " + schema))
                .collect(Collectors.joining(", "));
    }

    private static String statements(MiniCluster cluster, Node node) {
        List<Entry> statements = cluster.journal().lastStatements(node.name(), STATEMENTS);
        return "/* " + node.name() + " # */\n"
                + (statements.isEmpty()
                        ? "    none"
                        : statements.stream().map(EvidenceText::statement).collect(Collectors.joining("\n")));
    }

    private static String statement(Entry entry) {
        Event.Sql sql = (Event.Sql) entry.event();
        return indented(sql.sql().strip(), "    ") + "\n"
                + indented(sql.result().toString(), "      ");
    }

    private static String indented(String text, String indent) {
        List<String> lines = text.lines().toList();
        String shown = lines.stream().limit(LINES).map(line -> indent + line).collect(Collectors.joining("\n"));
        return lines.size() <= LINES ? shown : shown + "\n" + indent + "... " + (lines.size() - LINES) + " more lines";
    }
}
