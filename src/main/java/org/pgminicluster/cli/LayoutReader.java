package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;

/** Reads what a cluster has become, whoever has made it so: who publishes what, what has a guard, and who feeds whom. */
final class LayoutReader {

    private static final String STANDBY = "(standby)";

    private static final String DATABASES =
            "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY 1";

    /** A publication without tables publishes nothing yet. */
    private static final String PUBLISHED = """
            SELECT p.pubname, CASE WHEN p.puballtables THEN 'all tables'
                                   WHEN t.schemaname = 'public' THEN t.tablename
                                   ELSE t.schemaname || '.' || t.tablename END
              FROM pg_publication p LEFT JOIN pg_publication_tables t ON t.pubname = p.pubname AND NOT p.puballtables
             WHERE p.puballtables OR t.tablename IS NOT NULL ORDER BY 1, 2""";

    /** Tables that refuse what somebody writes himself. */
    private static final String GUARDED = """
            SELECT DISTINCT CASE WHEN n.nspname = 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END
              FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_proc p ON p.oid = g.tgfoid
             WHERE NOT g.tgisinternal AND g.tgenabled IN ('O', 'A') AND g.tgtype & 2 = 2 AND g.tgtype & 4 = 4
               AND p.prosrc ~* 'raise\\s+exception' ORDER BY 1""";

    private static final String SUBSCRIBED =
            "SELECT subname, unnest(subpublications) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid"
                    + " WHERE d.datname = current_database() ORDER BY 1, 2";

    /** What is in one database of a node. */
    private record Found(
            Map<String, List<String>> publications, List<String> guarded, Map<String, List<String>> subscriptions) {}

    private final Map<String, Map<String, Found>> found = new HashMap<>();

    /** A node that does not answer is left out of it. */
    static Trace.Layout read(MiniCluster cluster, ClusterStatus status) {
        LayoutReader reader = new LayoutReader();
        Map<String, ClusterStatus.OfNode> nodes = status.nodes().stream()
                .filter(ClusterStatus.OfNode::answers)
                .collect(Collectors.toMap(ClusterStatus.OfNode::name, node -> node));
        cluster.nodes().stream().filter(node -> nodes.containsKey(node.name())).forEach(reader::look);
        return new Trace.Layout(
                cluster.nodes().stream()
                        .filter(node -> reader.found.containsKey(node.name()))
                        .map(node -> reader.member(node, isStandby(nodes.get(node.name()))))
                        .toList(),
                status.subscriptions().stream()
                        .filter(subscription -> nodes.containsKey(subscription.node()))
                        .flatMap(subscription -> reader.arrow(subscription).stream())
                        .toList());
    }

    private static boolean isStandby(ClusterStatus.@Nullable OfNode node) {
        return node != null && node.state().equals("standby");
    }

    private void look(Node node) {
        Map<String, Found> databases = new HashMap<>();
        try {
            List<String> names;
            try (Session session = node.member().quietSession("pg-minicluster layout")) {
                names = session.query(DATABASES).texts();
            }
            for (String name : names) {
                try (Session session = node.in(name).member().quietSession("pg-minicluster layout")) {
                    databases.put(
                            name,
                            new Found(
                                    grouped(session, PUBLISHED),
                                    session.query(GUARDED).texts(),
                                    grouped(session, SUBSCRIBED)));
                }
            }
            found.put(node.name(), databases);
        } catch (SqlFailedException e) {
            // It is down, or frozen: of that the picture tells.
        }
    }

    private static Map<String, List<String>> grouped(Session session, String query) {
        Map<String, List<String>> grouped = new HashMap<>();
        for (Row row : session.query(query).values()) {
            grouped.computeIfAbsent(row.text(0), name -> new ArrayList<>()).add(row.text(1));
        }
        return grouped;
    }

    /** All that a standby has is its primary's, and nothing of it is to be written. */
    private Trace.Member member(Node node, boolean standby) {
        List<String> publishes = new ArrayList<>();
        List<String> readOnly = new ArrayList<>();
        Map<String, Found> databases = found.getOrDefault(node.name(), Map.of());
        databases.forEach((name, seen) -> {
            // Where but one is in use, its name tells nothing.
            String prefix = databases.values().stream()
                                    .filter(it -> !it.publications().isEmpty()
                                            || !it.guarded().isEmpty()
                                            || !it.subscriptions().isEmpty())
                                    .count()
                            > 1
                    ? name + ": "
                    : "";
            seen.publications().values().stream()
                    .flatMap(List::stream)
                    .map(prefix::concat)
                    .filter(table -> !publishes.contains(table))
                    .forEach(publishes::add);
            seen.guarded().stream().map(prefix::concat).forEach(readOnly::add);
        });
        if (standby) {
            publishes.stream().filter(table -> !readOnly.contains(table)).forEach(readOnly::add);
            publishes.clear();
        }
        return new Trace.Member(node.name(), node.member().version().full(), publishes, readOnly, List.of(), "");
    }

    private Optional<Trace.Arrow> arrow(ClusterStatus.OfSubscription seen) {
        if (seen.publisher() == null) {
            return Optional.empty();
        }
        boolean physical = seen.subscription().equals(STANDBY);
        List<String> publications = physical ? List.of() : publications(seen);
        return Optional.of(new Trace.Arrow(
                seen.publisher(),
                seen.node(),
                physical,
                physical ? seen.node() : seen.subscription(),
                publications,
                seen.slot(),
                found.getOrDefault(seen.publisher(), Map.of()).values().stream()
                        .flatMap(database -> publications.stream()
                                .flatMap(name -> database.publications().getOrDefault(name, List.of()).stream()))
                        .distinct()
                        .toList()));
    }

    private List<String> publications(ClusterStatus.OfSubscription seen) {
        return found.getOrDefault(seen.node(), Map.of()).values().stream()
                .flatMap(database -> database.subscriptions().getOrDefault(seen.subscription(), List.of()).stream())
                .distinct()
                .toList();
    }
}
