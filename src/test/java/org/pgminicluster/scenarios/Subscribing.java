package org.pgminicluster.scenarios;

import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.topology.Topology;

/** What scenarios share that subscribe by hand. */
final class Subscribing {

    /** Every table of every subscription in the database, and how far it is with its first copy. */
    static final String STATES = "SELECT srrelid::regclass, srsubstate FROM pg_subscription_rel";

    private Subscribing() {}

    /** The publisher has table {@code item} with two rows and publishes it; the subscriber has it too, empty. */
    static Topology oneWay() {
        return Topology.named("one way, not yet subscribed")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node(
                        "publisher",
                        publisher -> publisher
                                .seed("INSERT INTO item VALUES (1, 'one'), (2, 'two')")
                                .publishes("item_pub", "item"))
                .node("subscriber", subscriber -> subscriber.mayFollow("publisher"))
                .build();
    }

    /** Waits until so many tables are ready ({@code r}), which they are a moment after they are synchronized. */
    static void awaitReady(MiniCluster cluster, Node subscriber, int tables) {
        cluster.awaitValue(subscriber, "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate = 'r'", tables);
    }

    /** {@code CREATE SUBSCRIPTION}, ended by the publications and, if there are any, the options. */
    static String createSubscription(String name, Node subscriber, Node publisher, String publicationsAndOptions) {
        return "CREATE SUBSCRIPTION " + name + " CONNECTION '" + subscriber.conninfoTo(publisher, name)
                + "' PUBLICATION " + publicationsAndOptions;
    }
}
