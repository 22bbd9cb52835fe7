package org.pgminicluster.topology;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Which way rows travel: one hop for every publication of every subscription. */
final class Flow {

    /** A database on a node. */
    record Place(String node, String database) {
        @Override
        public String toString() {
            return node;
        }
    }

    /** One publication as followed by one subscription. */
    record Hop(Place from, Publication publication, Place to, Subscription subscription) {}

    private final List<Hop> hops;

    private Flow(List<Hop> hops) {
        this.hops = hops;
    }

    /**
     * Every hop whose both ends exist. What comes from a standby comes from the node that it is a copy of.
     *
     * @param primaries by standby
     */
    static Flow of(List<NodeSpec> nodes, Map<String, String> primaries) {
        List<Hop> hops = new ArrayList<>();
        for (NodeSpec node : nodes) {
            for (DatabaseSpec database : node.databases()) {
                for (Subscription subscription : database.subscriptions()) {
                    Place to = new Place(node.name(), database.name());
                    String source = source(subscription.publisher(), primaries);
                    publications(nodes, source, subscription)
                            .map(publication -> new Hop(
                                    new Place(source, subscription.publisherDatabase()), publication, to, subscription))
                            .forEach(hops::add);
                }
            }
        }
        return new Flow(hops);
    }

    /** The node that writes what a server has: itself, or the one above it if it is a standby. */
    static String source(String server, Map<String, String> primaries) {
        String primary = primaries.get(server);
        return primary == null ? server : source(primary, primaries);
    }

    private static Stream<Publication> publications(List<NodeSpec> nodes, String source, Subscription subscription) {
        return nodes.stream()
                .filter(node -> node.name().equals(source))
                .flatMap(node -> node.database(subscription.publisherDatabase()).stream())
                .flatMap(database ->
                        subscription.publications().stream().flatMap(name -> database.publication(name).stream()));
    }

    boolean receives(Place place, TableName table) {
        return hops.stream()
                .anyMatch(hop -> hop.to().equals(place) && hop.publication().covers(table));
    }

    /** Every table that some publication lists by name. */
    Set<TableName> listedTables() {
        Set<TableName> tables = new TreeSet<>();
        hops.forEach(hop -> hop.publication().tables().forEach(table -> tables.add(table.name())));
        return tables;
    }

    /** Every schema that some publication publishes as a whole. */
    Set<String> listedSchemas() {
        Set<String> schemas = new TreeSet<>();
        hops.forEach(hop -> schemas.addAll(hop.publication().schemas()));
        return schemas;
    }

    /**
     * A way on which a row comes back to where it was written, first place repeated at the end, if there is one.
     *
     * @param carries whether a hop takes the row along
     * @param forwards whether a hop takes along what its publisher has itself received: all but the first must
     */
    Optional<List<Place>> circle(Predicate<Hop> carries, Predicate<Hop> forwards) {
        List<Hop> passed = hops.stream().filter(carries).toList();
        Set<Place> places = new LinkedHashSet<>();
        passed.forEach(hop -> places.add(hop.from()));
        return places.stream()
                .flatMap(start -> wayBack(List.of(start), passed, forwards).stream())
                .findFirst();
    }

    private static Optional<List<Place>> wayBack(List<Place> way, List<Hop> hops, Predicate<Hop> forwards) {
        Place start = way.get(0);
        Place here = way.get(way.size() - 1);
        for (Hop hop : hops) {
            if (!hop.from().equals(here) || !(here.equals(start) || forwards.test(hop))) {
                continue;
            }
            if (hop.to().equals(start)) {
                return Optional.of(append(way, start));
            }
            if (!way.contains(hop.to())) {
                Optional<List<Place>> rest = wayBack(append(way, hop.to()), hops, forwards);
                if (rest.isPresent()) {
                    return rest;
                }
            }
        }
        return Optional.empty();
    }

    private static List<Place> append(List<Place> way, Place next) {
        List<Place> longer = new ArrayList<>(way);
        longer.add(next);
        return longer;
    }
}
