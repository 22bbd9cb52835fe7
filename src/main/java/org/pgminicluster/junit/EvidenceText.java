package org.pgminicluster.junit;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;
import org.pgminicluster.wait.WaitFailedException;

/** The evidence as people read it: who is who, what was done last, both ends of every subscription, the logs. */
final class EvidenceText {

    private static final int STATEMENTS = 5;
    private static final int LINES = 12;

    private EvidenceText() {}

    static String of(MiniCluster cluster, Throwable failure) {
        return "the cluster when the test failed\n"
                + "=== topology " + cluster.topology().name() + ", PostgreSQL " + cluster.versions() + ", servers: "
                + cluster.servers() + "\n"
                + roles(cluster.topology())
                + "\n=== last statements and programs\n"
                + cluster.nodes().stream()
                        .map(node -> statements(cluster.journal(), node.name()))
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

    static String roles(Topology topology) {
        return Stream.concat(
                        topology.nodes().stream().map(EvidenceText::node),
                        topology.standbys().stream().map(EvidenceText::standby))
                .collect(Collectors.joining("\n"));
    }

    private static String node(NodeSpec node) {
        List<String> roles = new ArrayList<>();
        for (DatabaseSpec database : node.databases()) {
            database.publications()
                    .forEach(publication ->
                            roles.add("publishes " + publication.name() + " (" + contents(publication) + ")"));
            database.subscriptions()
                    .forEach(subscription -> roles.add("subscribes by " + subscription.name() + " to "
                            + subscription.publisher() + " " + String.join(", ", subscription.publications())));
            if (!database.readOnly().isEmpty()) {
                roles.add("read-only "
                        + database.readOnly().stream().map(Object::toString).collect(Collectors.joining(", ")));
            }
        }
        return "    " + node.name() + (roles.isEmpty() ? "" : "  " + String.join("; ", roles));
    }

    private static String standby(StandbySpec standby) {
        return "    " + standby.name() + "  " + (standby.guarded() ? "guarded " : "") + "standby of "
                + standby.primary();
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

    static String statements(Journal journal, String node) {
        List<Event> told = journal.entries().stream()
                .filter(entry -> node.equals(entry.node()))
                .map(Entry::event)
                .filter(event -> event instanceof Event.Sql || event instanceof Event.Observation)
                .toList();
        return "/* " + node + " # */\n"
                + (told.isEmpty()
                        ? "    none"
                        : told.subList(Math.max(0, told.size() - STATEMENTS), told.size()).stream()
                                .map(EvidenceText::statement)
                                .collect(Collectors.joining("\n")));
    }

    /** A statement, or a client program, and what came of it. */
    private static String statement(Event event) {
        if (event instanceof Event.Sql sql) {
            return statement(sql.sql(), sql.result().toString());
        }
        Event.Observation program = (Event.Observation) event;
        return statement(program.what(), program.text());
    }

    private static String statement(String text, String outcome) {
        return indented(text.strip(), "    ") + "\n" + indented(outcome, "      ");
    }

    private static String indented(String text, String indent) {
        List<String> lines = text.lines().toList();
        String shown = lines.stream().limit(LINES).map(line -> indent + line).collect(Collectors.joining("\n"));
        return lines.size() <= LINES ? shown : shown + "\n" + indent + "... " + (lines.size() - LINES) + " more lines";
    }
}
