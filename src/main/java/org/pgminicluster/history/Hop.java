package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Publication;
import org.pgminicluster.topology.Publication.GeneratedColumns;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.SubscriptionOption;
import org.pgminicluster.topology.TableName;
import org.pgminicluster.topology.Topology;

/** One publication as it is followed by one subscription. */
record Hop(Site from, Publication publication, Site to, Subscription subscription) {

    /** All of those subscriptions that run from the beginning. */
    static List<Hop> all(Topology topology) {
        List<Hop> hops = new ArrayList<>();
        for (NodeSpec node : topology.nodes()) {
            for (DatabaseSpec database : node.databases()) {
                for (Subscription subscription : database.subscriptions()) {
                    if (runs(subscription)) {
                        hops.addAll(of(topology, Site.of(topology, node.name(), database.name()), subscription));
                    }
                }
            }
        }
        return List.copyOf(hops);
    }

    static boolean runs(Subscription subscription) {
        return subscription.withRowsThere().isPresent();
    }

    private static List<Hop> of(Topology topology, Site to, Subscription subscription) {
        Optional<DatabaseSpec> database =
                topology.node(subscription.publisher()).database(subscription.publisherDatabase());
        Site from = Site.of(topology, subscription.publisher(), subscription.publisherDatabase());
        return subscription.publications().stream()
                .flatMap(name -> database.flatMap(it -> it.publication(name)).stream())
                .map(publication -> new Hop(from, publication, to, subscription))
                .toList();
    }

    /** The hops that rows take which are written at a place, the nearest first. */
    static List<Hop> way(Site origin, Predicate<Publication> carries, List<Hop> all) {
        List<Hop> way = new ArrayList<>();
        List<Site> reached = new ArrayList<>(List.of(origin));
        for (int i = 0; i < reached.size(); i++) {
            Site here = reached.get(i);
            for (Hop hop : all) {
                if (hop.from().equals(here)
                        && carries.test(hop.publication())
                        && (here.equals(origin) || hop.takesWhatCameFromOthers())) {
                    way.add(hop);
                    if (!reached.contains(hop.to())) {
                        reached.add(hop.to());
                    }
                }
            }
        }
        return List.copyOf(way);
    }

    private boolean takesWhatCameFromOthers() {
        return !subscription.option(SubscriptionOption.ORIGIN, "any").equals("none");
    }

    boolean copiesRows() {
        return !List.of("false", "off", "0").contains(subscription.option(SubscriptionOption.COPY_DATA, "true"));
    }

    /** Whether generated columns that are stored leave like others, where no list says which columns do. */
    boolean publishesStored() {
        return publication.generatedColumns() == GeneratedColumns.STORED;
    }

    boolean isOfSameSubscription(Hop other) {
        return to.equals(other.to) && subscription.name().equals(other.subscription.name());
    }

    /** How the publication lists a table; empty if it does not, or publishes it with all others. */
    Optional<Publication.Table> listed(TableName table) {
        return publication.tables().stream()
                .filter(it -> it.name().equals(table))
                .findFirst();
    }
}
