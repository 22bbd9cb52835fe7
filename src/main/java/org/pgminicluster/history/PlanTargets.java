package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Topology;

/**
 * What a plan can aim at.
 *
 * @param writers who writes
 * @param nodes the servers
 * @param links which server follows which
 * @param subscribed the subscriptions to which something can be done
 * @param growing the ledgers with which a table can come into a publication later, each with where it is written
 * @param handover the standby that takes over in the end, if one may
 * @param waiting who waits for whom when it commits, if anybody does
 */
record PlanTargets(
        List<Writing> writers,
        List<String> nodes,
        List<Wire> links,
        List<Subscribed> subscribed,
        List<Growing> growing,
        @Nullable Handover handover,
        @Nullable Waiting waiting) {

    /**
     * A ledger's writer.
     *
     * @param ledger the ledger
     * @param node the server on which it is written
     * @param readOnly the places where its tables must not be written
     */
    record Writing(String ledger, String node, List<String> readOnly) {}

    /** A link between two servers. */
    record Wire(String publisher, String subscriber, boolean physical) {}

    /**
     * A subscription.
     *
     * @param place who has it
     * @param name its name
     * @param ledger one that comes by it
     * @param reseeds whether it can be made anew with all rows, without a loss elsewhere
     */
    record Subscribed(String place, String name, String ledger, boolean reseeds) {}

    /** A ledger with which another table can travel. */
    record Growing(String ledger, String place) {}

    static PlanTargets of(HistoryTopology history) {
        Topology topology = history.topology();
        return new PlanTargets(
                history.routes().stream()
                        .map(route ->
                                new Writing(route.ledger().id(), route.origin().node(), readOnly(history, route)))
                        .toList(),
                topology.names(),
                links(history),
                history.feeds().stream()
                        .filter(feed -> !feed.ledgers().isEmpty() && !history.waitsAlready(feed.publisher()))
                        .map(feed -> new Subscribed(
                                feed.subscriber().name(),
                                feed.subscription(),
                                feed.ledgers().get(0).id(),
                                Reseeding.isPossible(history, feed)))
                        .toList(),
                history.routes().stream()
                        .filter(route -> Growth.isPossible(history, route))
                        .map(route ->
                                new Growing(route.ledger().id(), route.origin().name()))
                        .toList(),
                history.handover(),
                history.waiting());
    }

    /** Guarded copies, and standbys, which are read-only by nature. */
    private static List<String> readOnly(HistoryTopology history, Route route) {
        return history.places().stream()
                .filter(place -> history.isStandby(place.node())
                        ? history.copies().stream()
                                .anyMatch(copy -> copy.place().equals(place)
                                        && copy.ledger().equals(route.ledger()))
                        : history.isGuarded(place, route))
                .map(Site::name)
                .toList();
    }

    /** Those of nodes that only read come first, since most of what can be lost is lost there; by publisher. */
    private static List<Wire> links(HistoryTopology history) {
        Topology topology = history.topology();
        List<String> order = topology.nodes().stream().map(NodeSpec::name).toList();
        Comparator<Feed> byPublisher =
                Comparator.comparing(feed -> order.indexOf(feed.publisher().node()));
        Comparator<Feed> readersFirst = Comparator.comparing(
                feed -> topology.node(feed.subscriber().node()).publishes());
        Stream<Wire> logical = history.feeds().stream()
                .sorted(readersFirst.thenComparing(byPublisher))
                .map(feed -> new Wire(feed.publisher().node(), feed.subscriber().node(), false));
        Stream<Wire> physical =
                topology.standbys().stream().map(standby -> new Wire(standby.primary(), standby.name(), true));
        Set<Wire> links = new LinkedHashSet<>();
        Stream.concat(logical, physical).forEach(links::add);
        return List.copyOf(links);
    }

    /** The links by which rows travel. */
    List<Wire> subscriptions() {
        return links.stream().filter(link -> !link.physical()).toList();
    }

    /** Those of a server. */
    List<Subscribed> subscribedOn(String node) {
        return subscribed.stream()
                .filter(it -> LedgerChecks.server(it.place()).equals(node))
                .toList();
    }

    /** The servers that a server follows. */
    List<String> publishersOf(String node) {
        return links.stream()
                .filter(link -> !link.physical() && link.subscriber().equals(node))
                .map(Wire::publisher)
                .toList();
    }

    /** Where a standby is to take over, it and its primary are what matters: the link between them, and what feeds it. */
    List<Wire> linksOf(Handover pair) {
        Wire between = new Wire(pair.primary(), pair.standby(), true);
        List<Wire> around = new ArrayList<>(List.of(between, between));
        links.stream().filter(link -> link.subscriber().equals(pair.primary())).forEach(around::add);
        return around;
    }
}
