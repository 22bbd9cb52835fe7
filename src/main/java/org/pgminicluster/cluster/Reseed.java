package org.pgminicluster.cluster;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.SubscriptionSql;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.SubscriptionOption;

/**
 * Drops a subscription and what is left of its slot, empties its tables and makes it again.
 *
 * @see <a href="https://www.postgresql.org/docs/13/logical-replication-subscription.html#LOGICAL-REPLICATION-SUBSCRIPTION-SLOT">
 *     Replication Slot Management</a>
 */
final class Reseed {

    private static final String TABLES = """
            SELECT format('%I.%I', n.nspname, c.relname)
              FROM pg_subscription_rel r JOIN pg_subscription s ON s.oid = r.srsubid
                   JOIN pg_class c ON c.oid = r.srrelid JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE s.subname = ? ORDER BY 1""";

    private final MiniCluster cluster;
    private final Node subscriber;
    private final Subscription declared;

    Reseed(MiniCluster cluster, Node subscriber, String name) {
        this.cluster = cluster;
        this.subscriber = subscriber;
        this.declared = declared(cluster, subscriber, name);
    }

    private static Subscription declared(MiniCluster cluster, Node subscriber, String name) {
        List<Subscription> known = cluster.topology().described(subscriber.name()).databases().stream()
                .filter(database -> database.name().equals(subscriber.database()))
                .flatMap(database -> database.subscriptions().stream())
                .filter(subscription -> !subscription
                        .option(SubscriptionOption.COPY_DATA, "true")
                        .equals("false"))
                .toList();
        return known.stream()
                .filter(subscription -> subscription.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new MiniClusterException("expected \"" + name
                        + "\" to be a subscription that the topology gives " + subscriber.name()
                        + " and that copies data, but those are "
                        + known.stream().map(Subscription::name).toList()
                        + "; one that was made by hand must be made again by hand"));
    }

    void run() {
        Rows tables = subscriber.query(TABLES, declared.name());
        // After a failover it may have another slot than it was made with.
        Set<String> slots = new LinkedHashSet<>(List.of(declared.slotName()));
        subscriber
                .currentSubscription(declared.name())
                .flatMap(SubscriptionStatus::slot)
                .ifPresent(slots::add);
        dropSubscription();
        Node publisher = cluster.node(declared.publisher()).in(declared.publisherDatabase());
        slots.forEach(slot -> SlotFaults.drop(publisher, slot));
        empty(tables);
        new SetUp(cluster, Map.of()).subscribe(subscriber, create(publisher));
        cluster.awaitReplicated(subscriber, declared.name());
    }

    /** Without its slot it can be dropped whether the publisher has that or not. */
    private void dropSubscription() {
        String subscription = Sql.identifier(declared.name());
        subscriber.execute("ALTER SUBSCRIPTION " + subscription + " DISABLE");
        subscriber.execute("ALTER SUBSCRIPTION " + subscription + " SET (slot_name = NONE)");
        subscriber.execute("DROP SUBSCRIPTION " + subscription);
    }

    /** All at once, for the sake of foreign keys; as the replica that it is, for the sake of guards. */
    private void empty(Rows tables) {
        if (tables.isEmpty()) {
            return;
        }
        try (Session session = subscriber.session()) {
            session.execute("SET session_replication_role = replica");
            session.execute(
                    "TRUNCATE " + tables.column().stream().map(String::valueOf).collect(Collectors.joining(", ")));
        }
    }

    private String create(Node publisher) {
        return SubscriptionSql.create(
                declared,
                cluster.peers().conninfo(subscriber.name(), publisher.name(), publisher.database(), declared.name()));
    }
}
