package org.pgminicluster.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Health;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.state.ClusterState;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.NodeState;
import org.pgminicluster.state.RecoveryState;
import org.pgminicluster.state.RowSecurity;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.TableName;
import org.pgminicluster.trace.Facts;

/** Makes a status of a snapshot. A node that is dead or frozen does not keep the others from being shown. */
final class StatusReader {

    private final MiniCluster cluster;
    private final ClusterState state;

    private StatusReader(MiniCluster cluster) {
        this.cluster = cluster;
        this.state = cluster.snapshot();
    }

    static ClusterStatus read(MiniCluster cluster, String since, List<ClusterStatus.OfFault> faults) {
        StatusReader reader = new StatusReader(cluster);
        return new ClusterStatus(
                cluster.topology().name(),
                cluster.versions(),
                cluster.servers().toString(),
                since,
                cluster.nodes().stream().map(reader::ofNode).toList(),
                cluster.nodes().stream().flatMap(reader::subscriptionsOf).toList(),
                cluster.nodes().stream().flatMap(reader::failoverTo).toList(),
                faults);
    }

    private ClusterStatus.OfNode ofNode(Node node) {
        DatabaseSpec database = database(node);
        NodeState seen = state.node(node.name());
        boolean running = node.isRunning();
        boolean standby = seen.condition() == NodeState.Condition.STANDBY;
        return new ClusterStatus.OfNode(
                node.name(),
                seen.condition().name().toLowerCase(Locale.ROOT),
                running ? node.address().toString() : null,
                seen.written() == null ? null : seen.written().toString(),
                standby
                        ? List.of()
                        : Stream.concat(
                                        database.owns().stream().map(TableName::toString),
                                        database.publications().stream().flatMap(StatusReader::published))
                                .distinct()
                                .toList(),
                standby
                        ? List.of("all of "
                                + Optional.ofNullable(seen.recovery())
                                        .flatMap(recovery -> primaryOf(node, recovery))
                                        .orElse("its primary"))
                        : database.readOnly().stream().map(TableName::toString).toList(),
                seen.condition() == NodeState.Condition.SILENT
                        ? seen.state()
                        : seen.rowSecurity().stream().map(RowSecurity::toString).collect(Collectors.joining("; ")));
    }

    private DatabaseSpec database(Node node) {
        return cluster.topology().described(node.name()).databases().get(0);
    }

    private Stream<ClusterStatus.OfFailover> failoverTo(Node standby) {
        return cluster.standbys().isGuarded(standby)
                ? cluster.standbys().primaryOf(standby).stream()
                        .map(primary ->
                                new ClusterStatus.OfFailover(primary, standby.name(), obstacles(primary, standby)))
                : Stream.empty();
    }

    private List<String> obstacles(String primary, Node standby) {
        try {
            return cluster.standbys().obstacles(cluster.node(primary), standby);
        } catch (MiniClusterException e) {
            return List.of(String.valueOf(e.getMessage()));
        }
    }

    private static Stream<String> published(Publication publication) {
        return publication.allTables()
                ? Stream.of("all tables")
                : publication.tables().stream().map(table -> table.name().toString());
    }

    /** As the node's catalog has them; of one that does not answer, as the topology has them. */
    private Stream<ClusterStatus.OfSubscription> subscriptionsOf(Node node) {
        NodeState seen = state.node(node.name());
        if (!seen.answers()) {
            return database(node).subscriptions().stream()
                    .map(spec -> of(
                            node,
                            spec.name(),
                            spec.publisher(),
                            spec.publications(),
                            spec.slotName(),
                            "unknown",
                            null));
        }
        @Nullable RecoveryState recovery = seen.recovery();
        return recovery != null
                ? Stream.of(following(node, recovery))
                : seen.subscriptions().stream().map(subscription -> of(node, subscription));
    }

    private ClusterStatus.OfSubscription of(Node node, SubscriptionState subscription) {
        Optional<Subscription> spec = spec(node, subscription.name());
        Optional<NodeState> publisher = spec.map(Subscription::publisher)
                .or(() -> reached(subscription.conninfo()))
                .map(state::node);
        return of(
                node,
                subscription.name(),
                publisher.map(NodeState::name).orElse(null),
                spec.map(Subscription::publications).orElse(List.of()),
                subscription.slotName(),
                health(subscription, publisher),
                publisher
                        .flatMap(there -> subscription.slot().flatMap(there::slot))
                        .flatMap(slot -> Optional.ofNullable(slot.confirmed())
                                .map(confirmed -> behind(slot.written(), confirmed)))
                        .orElse(null));
    }

    /** The node that a connection string leads to, of which the topology says nothing. */
    private Optional<String> reached(String conninfo) {
        try {
            return Link.publisher(cluster.nodes().get(0).member().runtime(), Conninfo.parse(conninfo))
                    .map(Member::name);
        } catch (IllegalArgumentException e) {
            // A URI, or what no server would take.
            return Optional.empty();
        }
    }

    private static long behind(Lsn written, Lsn has) {
        return Math.max(0, written.minus(has));
    }

    private static String health(SubscriptionState subscription, Optional<NodeState> publisher) {
        Trace.Subscription facts = Facts.of(subscription);
        return switch (Health.of(facts, publisher.map(Facts::of))) {
            case STREAMING -> "streaming";
            case COPYING -> "copying " + String.join(", ", facts.notCopied());
            case DISABLED -> "disabled";
            case NO_SLOT -> "no slot";
            case PUBLISHER_DOWN -> publisher.map(NodeState::name).orElse("its publisher") + " does not answer";
            case SLOT_GONE -> "its slot is gone";
            case SLOT_LOST -> "its slot is lost";
            case NO_WORKER -> "no apply worker";
            case SLOT_NOT_IN_USE -> "its slot is not in use";
            case NO_TABLE -> "has no table";
        };
    }

    /** A standby has its primary's subscriptions in its catalogs, and none of them runs; it follows as a whole. */
    private ClusterStatus.OfSubscription following(Node node, RecoveryState recovery) {
        Optional<String> primary = primaryOf(node, recovery);
        @Nullable Lsn replayed = recovery.replayed();
        return new ClusterStatus.OfSubscription(
                node.name(),
                "(standby)",
                primary.orElse(null),
                List.of(),
                recovery.slot(),
                recovery.receiver(),
                primary.flatMap(name -> Optional.ofNullable(state.node(name).written()))
                        .filter(written -> replayed != null)
                        .map(written -> behind(written, java.util.Objects.requireNonNull(replayed)))
                        .orElse(null));
    }

    private Optional<String> primaryOf(Node standby, RecoveryState recovery) {
        return cluster.standbys().primaryOf(standby).or(() -> reached(recovery.conninfo()));
    }

    private static ClusterStatus.OfSubscription of(
            Node node,
            String name,
            @Nullable String publisher,
            List<String> publications,
            @Nullable String slot,
            String state,
            @Nullable Long behind) {
        return new ClusterStatus.OfSubscription(node.name(), name, publisher, publications, slot, state, behind);
    }

    private Optional<Subscription> spec(Node node, String name) {
        return cluster.topology().described(node.name()).databases().stream()
                .flatMap(database -> database.subscriptions().stream())
                .filter(spec -> spec.name().equals(name))
                .findFirst();
    }
}
