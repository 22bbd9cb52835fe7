package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.ClusterSnapshot;
import org.pgminicluster.cluster.Lsn;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.TableName;

/** Makes a status of a snapshot. A node that is dead or frozen does not keep the others from being shown. */
final class StatusReader {

    private static final Rows NONE = new Rows(List.of(), List.of());

    private final MiniCluster cluster;
    private final ClusterSnapshot snapshot;

    private StatusReader(MiniCluster cluster) {
        this.cluster = cluster;
        this.snapshot = cluster.snapshot();
    }

    static ClusterStatus read(MiniCluster cluster, String since, List<ClusterStatus.OfFault> faults) {
        StatusReader reader = new StatusReader(cluster);
        return new ClusterStatus(
                cluster.topology().name(),
                cluster.version().full(),
                cluster.servers().toString(),
                since,
                cluster.nodes().stream().map(reader::ofNode).toList(),
                cluster.nodes().stream().flatMap(reader::subscriptionsOf).toList(),
                faults);
    }

    private ClusterStatus.OfNode ofNode(Node node) {
        DatabaseSpec database = database(node);
        ClusterSnapshot.NodeView view = snapshot.node(node.name());
        boolean running = node.isRunning();
        boolean answered = !view.views().isEmpty();
        boolean standby = recovery(view).isPresent();
        String state =
                !running ? "down" : node.isPaused() ? "paused" : standby ? "standby" : answered ? "running" : "silent";
        return new ClusterStatus.OfNode(
                node.name(),
                state,
                running ? node.address().toString() : null,
                answered && running ? currentLsn(node).map(Lsn::toString).orElse(null) : null,
                standby
                        ? List.of()
                        : Stream.concat(
                                        database.owns().stream().map(TableName::toString),
                                        database.publications().stream().flatMap(StatusReader::published))
                                .distinct()
                                .toList(),
                standby
                        ? List.of("all of " + primaryOf(node))
                        : database.guards().stream().map(TableName::toString).toList(),
                state.equals("silent") ? view.state() : "");
    }

    private DatabaseSpec database(Node node) {
        return cluster.topology().described(node.name()).databases().get(0);
    }

    private static Stream<String> published(Publication publication) {
        return publication.allTables()
                ? Stream.of("all tables")
                : publication.tables().stream().map(table -> table.name().toString());
    }

    private static Optional<Lsn> currentLsn(Node node) {
        try {
            return Optional.of(node.currentLsn());
        } catch (MiniClusterException e) {
            return Optional.empty();
        }
    }

    /** As the node's catalog has them; of one that does not answer, as the topology has them. */
    private Stream<ClusterStatus.OfSubscription> subscriptionsOf(Node node) {
        Map<String, Rows> views = snapshot.node(node.name()).views();
        if (views.isEmpty()) {
            return database(node).subscriptions().stream()
                    .map(spec -> of(node, spec.name(), spec, spec.slotName(), "unknown", null));
        }
        Optional<Map<String, String>> recovery = recovery(snapshot.node(node.name()));
        if (recovery.isPresent()) {
            return Stream.of(following(node, recovery.get()));
        }
        List<ClusterStatus.OfSubscription> found = new ArrayList<>();
        for (Map<String, String> row : rows(views.getOrDefault("subscriptions", NONE))) {
            String name = row.getOrDefault("subscription", "");
            Subscription spec = spec(node, name).orElse(null);
            @Nullable String slot = row.get("slot");
            Optional<Map<String, String>> held =
                    spec == null || slot == null ? Optional.empty() : slot(spec.publisher(), slot);
            found.add(of(node, name, spec, slot, state(node, row, spec, slot, held), behind(spec, held)));
        }
        return found.stream();
    }

    /** A standby has its primary's subscriptions in its catalogs, and none of them runs; it follows as a whole. */
    private ClusterStatus.OfSubscription following(Node node, Map<String, String> recovery) {
        Optional<Node> primary = cluster.standbys().primaryOf(node);
        String receiver = recovery.getOrDefault("receiver", "not connected");
        @Nullable String replayed = recovery.get("replayed");
        return new ClusterStatus.OfSubscription(
                node.name(),
                "(standby)",
                primary.map(Node::name).orElse(null),
                List.of(),
                recovery.get("slot"),
                receiver,
                replayed == null
                        ? null
                        : primary.flatMap(StatusReader::currentLsn)
                                .map(now -> now.minus(Lsn.parse(replayed)))
                                .orElse(null));
    }

    private static Optional<Map<String, String>> recovery(ClusterSnapshot.NodeView view) {
        return rows(view.views().getOrDefault("standby", NONE)).stream().findFirst();
    }

    private String primaryOf(Node node) {
        return cluster.standbys().primaryOf(node).map(Node::name).orElse("its primary");
    }

    private static ClusterStatus.OfSubscription of(
            Node node,
            String name,
            @Nullable Subscription spec,
            @Nullable String slot,
            String state,
            @Nullable Long behind) {
        return new ClusterStatus.OfSubscription(
                node.name(),
                name,
                spec == null ? null : spec.publisher(),
                spec == null ? List.of() : spec.publications(),
                slot,
                state,
                behind);
    }

    private Optional<Subscription> spec(Node node, String name) {
        return database(node).subscriptions().stream()
                .filter(spec -> spec.name().equals(name))
                .findFirst();
    }

    private String state(
            Node node,
            Map<String, String> row,
            @Nullable Subscription spec,
            @Nullable String slot,
            Optional<Map<String, String>> held) {
        if ("f".equals(row.get("enabled"))) {
            return "disabled";
        }
        if (slot == null) {
            return "no slot";
        }
        if (spec != null && snapshot.node(spec.publisher()).views().isEmpty()) {
            return spec.publisher() + " does not answer";
        }
        if (spec != null && held.isEmpty()) {
            return "its slot is gone";
        }
        if (row.get("worker") == null) {
            return "no apply worker";
        }
        if (held.isPresent() && !"t".equals(held.get().get("active"))) {
            return "its slot is not in use";
        }
        List<Map<String, String>> tables =
                rows(snapshot.node(node.name()).views().getOrDefault("subscribed tables", NONE)).stream()
                        .filter(table -> Objects.equals(table.get("subscription"), row.get("subscription")))
                        .toList();
        if (tables.isEmpty()) {
            return "has no table";
        }
        List<String> copying = tables.stream()
                .filter(table -> !"r".equals(table.get("state")) && !"s".equals(table.get("state")))
                .map(table -> String.valueOf(table.get("table")))
                .toList();
        return copying.isEmpty() ? "streaming" : "copying " + String.join(", ", copying);
    }

    private Optional<Map<String, String>> slot(String publisher, String name) {
        return rows(snapshot.node(publisher).views().getOrDefault("replication slots", NONE)).stream()
                .filter(row -> name.equals(row.get("slot_name")))
                .findFirst();
    }

    private @Nullable Long behind(@Nullable Subscription spec, Optional<Map<String, String>> held) {
        @Nullable String confirmed = held.map(slot -> slot.get("confirmed")).orElse(null);
        if (spec == null || confirmed == null) {
            return null;
        }
        // Read after the slot was, so that it is never before the slot's own position.
        return currentLsn(cluster.node(spec.publisher()))
                .map(now -> now.minus(Lsn.parse(confirmed)))
                .orElse(null);
    }

    /** By the columns' names; NULL is left out. */
    private static List<Map<String, String>> rows(Rows rows) {
        List<Map<String, String>> named = new ArrayList<>();
        for (Row row : rows.values()) {
            Map<String, String> values = new java.util.LinkedHashMap<>();
            for (int column = 0; column < rows.columns().size(); column++) {
                @Nullable String value = row.get(column);
                if (value != null) {
                    values.put(rows.columns().get(column), value);
                }
            }
            named.add(values);
        }
        return named;
    }
}
