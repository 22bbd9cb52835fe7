package org.pgminicluster.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.SubscriptionSql;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.topology.DatabaseSpec;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.Topology;

/**
 * Makes the subscriptions of a topology on databases that have all rows already. Those of one database are enabled at
 * once, since one that is enabled later waits until another one's worker has been started for {@code
 * wal_retrieve_retry_interval}.
 */
final class CopiedAlready {

    private final SetUp setUp;
    private final ClusterRuntime runtime;

    CopiedAlready(SetUp setUp) {
        this.setUp = setUp;
        this.runtime = setUp.runtime();
    }

    /** Returns when all have been made and enabled; their workers may still have to connect. */
    void subscribe() {
        Set<String> followed = runtime.topology().nodes().stream()
                .flatMap(node -> node.databases().stream())
                .flatMap(database -> database.subscriptions().stream())
                .map(Subscription::publisher)
                .collect(Collectors.toSet());
        InParallel.map(
                runtime.topology().nodes().stream().filter(NodeSpec::subscribes).toList(), node -> {
                    return runtime.member(node.name()).look("SELECT 1");
                });
        // A transaction that makes a subscription holds up those who make a slot where it runs. So nodes that are
        // followed
        // subscribe one after the other, and those that nobody follows beside them.
        Map<Boolean, List<NodeSpec>> nodes = runtime.topology().nodes().stream()
                .filter(NodeSpec::subscribes)
                .collect(Collectors.partitioningBy(node -> followed.contains(node.name())));
        List<List<NodeSpec>> sideBySide = new ArrayList<>();
        sideBySide.add(nodes.getOrDefault(true, List.of()));
        nodes.getOrDefault(false, List.of()).forEach(node -> sideBySide.add(List.of(node)));
        InParallel.map(sideBySide, oneAfterTheOther -> {
            oneAfterTheOther.forEach(node -> node.databases().forEach(database -> subscribe(node, database)));
            return oneAfterTheOther;
        });
    }

    /** The slots of a node that are in use soon after. */
    static List<String> slotsOn(String publisher, Topology topology) {
        return topology.nodes().stream()
                .flatMap(node -> node.databases().stream())
                .flatMap(database -> database.subscriptions().stream())
                .filter(subscription -> subscription.publisher().equals(publisher)
                        && subscription.withRowsThere().isPresent())
                .map(Subscription::slotName)
                .toList();
    }

    private void subscribe(NodeSpec spec, DatabaseSpec database) {
        Member node = runtime.member(spec.name()).in(database.name());
        List<String> enable = new ArrayList<>();
        for (Subscription subscription : database.subscriptions()) {
            subscription
                    .withRowsThere()
                    .ifPresent(there -> enable.add("ALTER SUBSCRIPTION " + Sql.identifier(there.name()) + " ENABLE"));
            setUp.subscribeAside(
                    node,
                    SubscriptionSql.create(
                            subscription.withRowsThere().orElse(subscription),
                            runtime.peers()
                                    .conninfo(
                                            node.name(),
                                            subscription.publisher(),
                                            subscription.publisherDatabase(),
                                            subscription.name())));
        }
        if (!enable.isEmpty()) {
            node.executeAside(String.join(";\n", enable));
        }
    }
}
