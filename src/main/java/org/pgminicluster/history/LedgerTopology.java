package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.SqlScript;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.SubscriptionOption;
import org.pgminicluster.topology.TableName;
import org.pgminicluster.topology.Topology;

/**
 * The same topology with ledgers: their tables are made where they are written and where they arrive, guarded where the
 * tables are that they travel with, and listed in the publications that list those. Nothing else is changed but settings
 * without which nothing could be judged, or not soon.
 */
final class LedgerTopology {

    private final Topology topology;
    private final List<Route> routes;
    private final String synchronousCommit;

    /** @param synchronousCommit of the subscriptions that do not say it; empty to leave them as they are */
    LedgerTopology(Topology topology, List<Route> routes, String synchronousCommit) {
        this.topology = topology;
        this.routes = routes;
        this.synchronousCommit = synchronousCommit;
    }

    Topology create() {
        List<NodeSpec> nodes = topology.nodes().stream().map(this::node).toList();
        return new Topology(
                topology.name(),
                topology.database(),
                nodes,
                topology.standbys(),
                topology.echoAllowed(),
                topology.makesRoles(),
                topology.tls());
    }

    private NodeSpec node(NodeSpec node) {
        Map<String, String> settings = new LinkedHashMap<>();
        // A connection that hangs is noticed while the history lasts.
        settings.put("wal_sender_timeout", "5s");
        settings.put("wal_receiver_timeout", "5s");
        settings.putAll(node.settings());
        // Local writes on a copy stand out by their time.
        settings.put("track_commit_timestamp", "on");
        List<DatabaseSpec> databases = node.databases().stream()
                .map(database -> database(Site.of(topology, node.name(), database.name()), database))
                .toList();
        return new NodeSpec(node.name(), node.port(), settings, node.postgres(), node.mayFollow(), databases);
    }

    private DatabaseSpec database(Site place, DatabaseSpec database) {
        List<SqlScript> schema = new ArrayList<>(database.schema());
        List<TableName> readOnly = new ArrayList<>(database.readOnly());
        for (Route route : routes) {
            if (route.places().contains(place)) {
                schema.add(new SqlScript("history", route.ledger().schema(hasCounterRow(route, place))));
            }
            if (route.reaches(place) && isReadOnly(database, route)) {
                readOnly.add(route.ledger().counter());
                readOnly.add(route.ledger().canary());
            }
        }
        return new DatabaseSpec(
                database.name(),
                schema,
                database.migrations(),
                database.seed(),
                database.owns(),
                readOnly,
                database.publications().stream()
                        .map(it -> publication(place, it))
                        .toList(),
                database.subscriptions().stream().map(this::subscription).toList());
    }

    /** What copies rows gets it by that. */
    private static boolean hasCounterRow(Route route, Site place) {
        return place.equals(route.origin()) || route.into(place).stream().noneMatch(Hop::copiesRows);
    }

    private boolean isReadOnly(DatabaseSpec database, Route route) {
        return database.readOnly().stream().anyMatch(table -> travels(route, table));
    }

    private boolean travels(Route route, TableName table) {
        return Hop.way(route.origin(), publication -> publication.covers(table), Hop.all(topology))
                .equals(route.hops());
    }

    private Publication publication(Site place, Publication publication) {
        List<Publication.Table> tables = new ArrayList<>(publication.tables());
        for (Route route : routes) {
            boolean carries = route.hops().stream()
                    .anyMatch(hop ->
                            hop.from().equals(place) && hop.publication().name().equals(publication.name()));
            if (carries && !publication.covers(route.ledger().counter())) {
                Stream.of(route.ledger().counter(), route.ledger().canary())
                        .forEach(table -> tables.add(new Publication.Table(table, List.of(), Optional.empty())));
            }
        }
        return new Publication(
                publication.name(),
                tables,
                publication.schemas(),
                publication.allTables(),
                publication.publish(),
                publication.viaPartitionRoot(),
                publication.generatedColumns());
    }

    private Subscription subscription(Subscription subscription) {
        if (synchronousCommit.isEmpty() || subscription.options().containsKey(SubscriptionOption.SYNCHRONOUS_COMMIT)) {
            return subscription;
        }
        Map<SubscriptionOption, String> options = new EnumMap<>(SubscriptionOption.class);
        options.putAll(subscription.options());
        options.put(SubscriptionOption.SYNCHRONOUS_COMMIT, synchronousCommit);
        return new Subscription(
                subscription.name(),
                subscription.publisher(),
                subscription.publisherDatabase(),
                subscription.publications(),
                Collections.unmodifiableMap(options),
                subscription.bypassesRowSecurity());
    }
}
