package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.InvalidTopologyException;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Publication.Operation;
import org.pgminicluster.topology.TableName;
import org.pgminicluster.topology.Topology;

/**
 * Finds out what a topology writes where, and which way it travels: a ledger for all tables that are written at one place
 * and take the same way. A table is written where it is published, neither guarded nor received.
 */
final class Routes {

    /** Stands for the tables that a publication has without listing them; no table is called so. */
    private static final String UNLISTED = "*";

    private record Way(Site origin, List<Hop> hops) {}

    private final Topology topology;
    private final List<Hop> hops;
    private final Map<Site, DatabaseSpec> databases = new LinkedHashMap<>();
    /** The tables of each way, be they written or not. */
    private final Map<Way, List<TableName>> found = new LinkedHashMap<>();
    /** Why a table is left alone. */
    private final Map<TableName, String> leftOut = new TreeMap<>();

    private Routes(Topology topology) {
        this.topology = topology;
        this.hops = Hop.all(topology);
        for (NodeSpec node : topology.nodes()) {
            for (DatabaseSpec database : node.databases()) {
                databases.put(Site.of(topology, node.name(), database.name()), database);
            }
        }
        databases.forEach(this::findAt);
    }

    /**
     * @throws InvalidTopologyException if there is nothing to write, or a ledger cannot travel
     */
    static Routes of(Topology topology) {
        Routes routes = new Routes(topology);
        if (routes.found.isEmpty()) {
            throw expected(
                    "topology \"" + topology.name() + "\"",
                    "have a table that one node publishes and another one subscribes to",
                    "has none",
                    "publish one where it is written, neither guarded nor received");
        }
        routes.found.keySet().forEach(routes::requireInserts);
        if (!topology.echoAllowed()) {
            routes.found.keySet().forEach(routes::requireOneWay);
        }
        return routes;
    }

    private void findAt(Site place, DatabaseSpec database) {
        Stream.concat(listed(place, database).stream(), unlisted(place).stream())
                .forEach(table -> {
                    List<Hop> way = way(place, table);
                    if (!way.isEmpty() && isWritten(place, table)) {
                        found.computeIfAbsent(new Way(place, way), it -> new ArrayList<>())
                                .add(table);
                    }
                });
    }

    /** The way that changes of a table take which are made at a place. */
    List<Hop> way(Site place, TableName table) {
        return Hop.way(place, publication -> publication.covers(table), hops);
    }

    private Set<TableName> listed(Site place, DatabaseSpec database) {
        Set<TableName> tables = new LinkedHashSet<>();
        hops.stream()
                .filter(hop -> hop.from().equals(place))
                .flatMap(hop -> hop.publication().tables().stream())
                .forEach(table -> tables.add(table.name()));
        tables.addAll(database.owns());
        return tables;
    }

    private Set<TableName> unlisted(Site place) {
        Set<TableName> tables = new LinkedHashSet<>();
        for (Hop hop : hops) {
            if (hop.from().equals(place)) {
                if (hop.publication().allTables()) {
                    tables.add(new TableName("public", UNLISTED));
                }
                hop.publication().schemas().forEach(schema -> tables.add(new TableName(schema, UNLISTED)));
            }
        }
        return tables;
    }

    /** Where all who publish a table receive it, too, each of them writes it. */
    private boolean isWritten(Site place, TableName table) {
        return isSource(place, table)
                || !isGuarded(place, table)
                        && databases.keySet().stream()
                                .noneMatch(other -> isSource(other, table) && isReached(place, other, table));
    }

    private boolean isSource(Site place, TableName table) {
        return !isGuarded(place, table)
                && (at(place).owns().contains(table) || !isReceived(place, table))
                && !way(place, table).isEmpty();
    }

    private DatabaseSpec at(Site place) {
        return Optional.ofNullable(databases.get(place)).orElseThrow();
    }

    private boolean isGuarded(Site place, TableName table) {
        return at(place).readOnly().contains(table);
    }

    private boolean isReceived(Site place, TableName table) {
        return hops.stream()
                .anyMatch(hop -> hop.to().equals(place) && hop.publication().covers(table));
    }

    private boolean isReached(Site place, Site origin, TableName table) {
        return way(origin, table).stream().anyMatch(hop -> hop.to().equals(place));
    }

    private void requireInserts(Way way) {
        way.hops().stream()
                .filter(hop -> !hop.publication().publish().contains(Operation.INSERT))
                .findFirst()
                .ifPresent(hop -> {
                    throw expected(
                            "publication \"" + hop.publication().name() + "\" on " + hop.from(),
                            "publish inserts, without which no ledger can travel with its tables",
                            "publishes "
                                    + hop.publication().publish().stream()
                                            .sorted()
                                            .map(Operation::toString)
                                            .collect(Collectors.joining(", ")),
                            "let it publish inserts, too");
                });
    }

    private void requireOneWay(Way way) {
        for (Hop hop : way.hops()) {
            way.hops().stream()
                    .filter(other -> other.to().equals(hop.to()) && !other.isOfSameSubscription(hop))
                    .findFirst()
                    .ifPresent(other -> {
                        throw expected(
                                "what is written on " + way.origin(),
                                "come to " + hop.to() + " by one subscription, so that nothing comes twice",
                                "comes by \"" + hop.subscription().name() + "\" and by \""
                                        + other.subscription().name() + "\"",
                                "let one of them follow other publications");
                    });
        }
    }

    private static InvalidTopologyException expected(String what, String rule, String found, String advice) {
        return new InvalidTopologyException("expected " + what + " to " + rule + ", but " + found + "; " + advice);
    }

    /** One for each way, in the order of the topology. */
    List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        Map<Site, Integer> atPlace = new LinkedHashMap<>();
        found.forEach((way, tables) -> {
            int number = routes.size() + 1;
            int there = atPlace.merge(way.origin(), 1, Integer::sum);
            String schema = tables.get(0).schema();
            Ledger ledger = new Ledger(
                    way.origin() + (there == 1 ? "" : "." + there),
                    way.origin().name(),
                    new TableName(schema, "history_" + number + "_counter"),
                    new TableName(schema, "history_" + number + "_canary"),
                    way.hops().stream()
                            .allMatch(hop -> hop.publication().publish().contains(Operation.UPDATE)),
                    List.of());
            routes.add(new Route(ledger, way.origin(), way.hops(), written(way, tables)));
        });
        return List.copyOf(routes);
    }

    /** Without those that several nodes write and receive from each other: made-up rows would soon conflict. */
    private List<TableName> written(Way way, Collection<TableName> tables) {
        List<TableName> written = new ArrayList<>();
        for (TableName table : tables) {
            if (table.name().equals(UNLISTED)) {
                continue;
            }
            if (isReceived(way.origin(), table) && isWrittenElsewhereToo(way.origin(), table)) {
                leftOut.put(table, "is written on several nodes that receive it from each other");
            } else {
                written.add(table);
            }
        }
        return written;
    }

    private boolean isWrittenElsewhereToo(Site place, TableName table) {
        return databases.keySet().stream()
                .anyMatch(other -> !other.equals(place) && !way(other, table).isEmpty() && isWritten(other, table));
    }

    /** Tables that are not written, and why; known when the routes are. */
    Map<TableName, String> leftOut() {
        return leftOut;
    }

    List<Hop> hops() {
        return hops;
    }
}
