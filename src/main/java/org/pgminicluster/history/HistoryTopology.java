package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.script.Slots;
import org.pgminicluster.topology.InvalidTopologyException;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.SubscriptionOption;
import org.pgminicluster.topology.TableName;
import org.pgminicluster.topology.Topology;

/**
 * A topology with ledgers, and what a history must know of it.
 *
 * @param topology what is started
 * @param hops how rows travelled before there were ledgers
 * @param routes the ledgers and their ways
 * @param feeds the subscriptions, those first that bring what others pass on
 * @param leftOut tables that are not written, and why
 * @param handover the standby that may take over, if there is one
 * @param waiting who waits for whom when it commits, if anybody does
 */
record HistoryTopology(
        Topology topology,
        List<Hop> hops,
        List<Route> routes,
        List<Feed> feeds,
        Map<TableName, String> leftOut,
        @Nullable Handover handover,
        @Nullable Waiting waiting) {

    private static final String SYNCHRONOUS = "synchronous_standby_names";

    /**
     * A ledger at a place where it is not written.
     *
     * @param place the place
     * @param ledger the ledger
     * @param subscription by which it comes, be it to the primary of this standby; empty if it was written on that
     * @param durable whether what can be seen there is on disk
     * @param like where the same is: the place itself, or the node's that a standby is a copy of
     */
    record Copied(Site place, Ledger ledger, String subscription, boolean durable, Site like) {}

    HistoryTopology {
        hops = List.copyOf(hops);
        routes = List.copyOf(routes);
        feeds = List.copyOf(feeds);
    }

    /**
     * @throws org.pgminicluster.topology.InvalidTopologyException if there is nothing to write, a ledger cannot travel, or
     *     the profile wants a standby that takes over and there is none
     */
    static HistoryTopology of(Topology user, Profile profile) {
        requireNodesFollowed(user);
        Handover handover = Handover.in(user).orElse(null);
        if (profile == Profile.STANDBY && handover == null) {
            throw new InvalidTopologyException("expected topology \"" + user.name()
                    + "\" to have a standby that can take over from a node that subscribes and publishes nothing, but has"
                    + " none; choose another profile, or add .standby(\"standby\").guarded().of(\"copy\")");
        }
        Routes found = Routes.of(user);
        List<Route> routes = found.routes();
        Topology topology = new LedgerTopology(user, routes, profile.synchronousCommit()).create();
        List<Feed> feeds = feeds(topology, routes);
        return new HistoryTopology(
                topology,
                found.hops(),
                routes,
                feeds,
                found.leftOut(),
                handover,
                profile == Profile.WAITING ? waiting(topology, routes, feeds) : null);
    }

    /** What a history knows of ways and slots is of nodes. */
    private static void requireNodesFollowed(Topology user) {
        user.standbys().stream().filter(user::isSubscribedTo).findFirst().ifPresent(standby -> {
            throw new InvalidTopologyException("expected every subscription of topology \"" + user.name()
                    + "\" to follow a node in a history, but one follows " + standby.name() + ", a standby; follow "
                    + user.described(standby.name()).name() + " instead");
        });
    }

    HistoryTopology with(Waiting other) {
        return new HistoryTopology(topology, hops, routes, feeds, leftOut, handover, other);
    }

    private static List<Feed> feeds(Topology topology, List<Route> routes) {
        List<Feed> feeds = new ArrayList<>();
        for (NodeSpec node : topology.nodes()) {
            node.databases().forEach(database -> {
                Site place = Site.of(topology, node.name(), database.name());
                database.subscriptions().stream()
                        .filter(Hop::runs)
                        .map(subscription -> feed(topology, place, subscription, routes))
                        .forEach(feeds::add);
            });
        }
        return upstreamFirst(feeds, routes);
    }

    private static Feed feed(Topology topology, Site place, Subscription subscription, List<Route> routes) {
        String commit = subscription.option(SubscriptionOption.SYNCHRONOUS_COMMIT, "off");
        return new Feed(
                place,
                subscription.name(),
                Site.of(topology, subscription.publisher(), subscription.publisherDatabase()),
                subscription.slotName(),
                !commit.equals("off"),
                routes.stream()
                        .filter(route -> route.reaches(place)
                                && route.into(place)
                                        .get(0)
                                        .subscription()
                                        .name()
                                        .equals(subscription.name()))
                        .map(Route::ledger)
                        .toList());
    }

    /** By the longest way to it that anything takes. */
    private static List<Feed> upstreamFirst(List<Feed> feeds, List<Route> routes) {
        Map<Feed, Integer> distance = new LinkedHashMap<>();
        for (Feed feed : feeds) {
            int farthest = routes.stream()
                    .filter(route -> feed.ledgers().contains(route.ledger()))
                    .mapToInt(route -> distance(route, feed.subscriber()))
                    .max()
                    .orElse(0);
            distance.put(feed, farthest);
        }
        return feeds.stream()
                .sorted((one, other) -> Integer.compare(distance.getOrDefault(one, 0), distance.getOrDefault(other, 0)))
                .toList();
    }

    private static int distance(Route route, Site place) {
        int distance = 0;
        for (Site here = place;
                !here.equals(route.origin());
                here = route.into(here).get(0).from()) {
            distance++;
        }
        return distance;
    }

    /** Who writes first waits for the last one who follows it, unless the topology says something of that itself. */
    private static @Nullable Waiting waiting(Topology topology, List<Route> routes, List<Feed> feeds) {
        Site writer = routes.get(0).origin();
        if (topology.node(writer.node()).settings().containsKey(SYNCHRONOUS)) {
            return null;
        }
        return feeds.stream()
                .filter(feed -> feed.publisher().equals(writer))
                .reduce((first, second) -> second)
                .map(feed -> new Waiting(writer.node(), feed.subscriber().node(), feed.subscription()))
                .orElse(null);
    }

    /** Whether the topology itself says whom a node waits for when it commits. */
    boolean waitsAlready(Site place) {
        return topology.node(place.node()).settings().containsKey(SYNCHRONOUS);
    }

    /** The places of the topology and of its standbys. */
    List<Site> places() {
        Set<Site> places = new LinkedHashSet<>();
        for (NodeSpec node : topology.nodes()) {
            node.databases().forEach(database -> places.add(Site.of(topology, node.name(), database.name())));
        }
        for (StandbySpec standby : topology.standbys()) {
            topology.described(standby.name())
                    .databases()
                    .forEach(database -> places.add(Site.of(topology, standby.primary(), database.name())
                            .on(standby.name())));
        }
        return List.copyOf(places);
    }

    /** The subscription by which one node follows another; the first of them, if there are more. */
    Feed feed(String publisher, String subscriber) {
        return feeds.stream()
                .filter(feed -> feed.publisher().node().equals(publisher)
                        && feed.subscriber().node().equals(subscriber))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(subscriber + " does not follow " + publisher));
    }

    /** Whether tables that travel with a ledger are guarded at a place. */
    boolean isGuarded(Site place, Route route) {
        return isGuarded(place, route.ledger().canary());
    }

    boolean isGuarded(Site place, TableName table) {
        return topology.described(place.node())
                .database(place.database())
                .filter(database -> database.readOnly().contains(table))
                .isPresent();
    }

    /** Whether a table that no publication lists takes the way of a ledger. */
    boolean takes(Route route, TableName table) {
        boolean isLedger = routes.stream()
                .map(Route::ledger)
                .anyMatch(ledger -> table.equals(ledger.counter()) || table.equals(ledger.canary()));
        return !isLedger
                && !isGuarded(route.origin(), table)
                && !leftOut.containsKey(table)
                && route.hops().equals(Hop.way(route.origin(), publication -> publication.covers(table), hops));
    }

    boolean isStandby(String server) {
        return topology.standby(server).isPresent();
    }

    /** Who has a copy of what, those of standbys last. */
    List<Copied> copies() {
        List<Copied> copies = new ArrayList<>();
        for (Feed feed : feeds) {
            feed.ledgers()
                    .forEach(ledger -> copies.add(new Copied(
                            feed.subscriber(), ledger, feed.subscription(), feed.durable(), feed.subscriber())));
        }
        topology.standbys().forEach(standby -> copies.addAll(onStandby(standby, copies)));
        return copies;
    }

    /** All that its primary has; after a crash it can be read before it is where it was. */
    private List<Copied> onStandby(StandbySpec standby, List<Copied> copies) {
        Stream<Copied> received = copies.stream()
                .filter(copy -> copy.place().node().equals(standby.primary()))
                .map(copy -> new Copied(
                        copy.place().on(standby.name()), copy.ledger(), copy.subscription(), false, copy.like()));
        Stream<Copied> written = routes.stream()
                .filter(route -> route.origin().node().equals(standby.primary()))
                .map(route -> new Copied(route.origin().on(standby.name()), route.ledger(), "", false, route.origin()));
        return Stream.concat(received, written).toList();
    }

    /** What a standby has from its primary, with the slots that it begins with: the primary's, or the failover slots. */
    List<Feed> takenOver(Plan.PlannedFailover failover, Succession succession) {
        boolean fenced = handover == null || handover.fenced();
        return feeds.stream()
                .map(feed -> succession.now(feed, feed.slot()))
                .filter(feed -> feed.subscriber().node().equals(failover.primary()))
                .map(feed -> feed.takenOverBy(
                        failover.standby(),
                        fenced
                                ? Slots.failover(
                                        topology,
                                        failover.standby(),
                                        feed.subscriber().database(),
                                        feed.subscription())
                                : feed.slot()))
                .toList();
    }

    /** What not every topology has. */
    List<String> traits() {
        List<String> traits = new ArrayList<>();
        if (topology.nodes().stream().anyMatch(node -> node.databases().size() > 1)) {
            traits.add(Tally.DATABASE);
        }
        Set<String> primaries = new LinkedHashSet<>();
        if (topology.standbys().stream().anyMatch(standby -> !primaries.add(standby.primary()))) {
            traits.add(Tally.STANDBY);
        }
        return traits;
    }
}
