package org.pgminicluster.cluster;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.fault.SlotFaults;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.runtime.ReplicationWaits;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.SubscriptionSql;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.session.Session;
import org.pgminicluster.state.StateReader;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.topology.Subscription;
import org.pgminicluster.topology.SubscriptionOption;
import org.pgminicluster.wait.Waits;

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

    private static final String PUBLISHED = """
            SELECT DISTINCT format('%%I.%%I', schemaname, tablename) FROM pg_publication_tables WHERE pubname IN (%s) ORDER BY 1""";

    private final SetUp setUp;
    private final Member subscriber;
    private final Subscription declared;

    Reseed(SetUp setUp, Member subscriber, String name) {
        this.setUp = setUp;
        this.subscriber = subscriber;
        this.declared = declared(subscriber, name);
    }

    private static Subscription declared(Member subscriber, String name) {
        List<Subscription> known = subscriber.runtime().topology().described(subscriber.name()).databases().stream()
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
        Member publisher = setUp.runtime().member(declared.publisher()).in(declared.publisherDatabase());
        publisher.requireAwake("subscription " + declared.name() + " of " + subscriber.name() + " is seeded again");
        Optional<SubscriptionState> seen = StateReader.subscription(subscriber, declared.name());
        List<String> tables = seen.isPresent() ? subscribed() : published(publisher);
        // After a failover it may have another slot than it was made with.
        Set<String> slots = new LinkedHashSet<>(List.of(declared.slotName()));
        seen.flatMap(SubscriptionState::slot).ifPresent(slots::add);
        if (seen.isPresent()) {
            dropSubscription();
        }
        slots.forEach(slot -> SlotFaults.drop(publisher, slot));
        empty(tables);
        setUp.subscribe(
                subscriber,
                seen.filter(found -> subscriber.server().kind() == ServerKind.ATTACHED)
                        // By whatever role it logged in: the password of that one may be its maker's.
                        .map(found -> SubscriptionSql.create(declared, Conninfo.parse(found.conninfo())))
                        .orElseGet(() -> create(publisher)));
        new ReplicationWaits(subscriber.runtime().waits())
                .replicated(
                        List.of(Link.named(subscriber.runtime(), subscriber, declared.name())), Set.of(), Waits.USUAL);
    }

    private List<String> subscribed() {
        return subscriber.query(TABLES, declared.name()).texts();
    }

    /** Where a seeding that has stopped in its middle, or somebody else, has left no subscription that could tell. */
    private List<String> published(Member publisher) {
        String publications = declared.publications().stream().map(Sql::literal).collect(Collectors.joining(", "));
        return publisher.query(PUBLISHED.formatted(publications)).texts().stream()
                .filter(subscriber::hasRelation)
                .toList();
    }

    /** Without its slot it can be dropped whether the publisher has that or not. */
    private void dropSubscription() {
        String subscription = Sql.identifier(declared.name());
        subscriber.execute("ALTER SUBSCRIPTION " + subscription + " DISABLE");
        subscriber.execute("ALTER SUBSCRIPTION " + subscription + " SET (slot_name = NONE)");
        subscriber.execute("DROP SUBSCRIPTION " + subscription);
    }

    /** All at once, for the sake of foreign keys; as the replica that it is, for the sake of guards. */
    private void empty(List<String> tables) {
        if (tables.isEmpty()) {
            return;
        }
        try (Session session = subscriber.session()) {
            session.execute("SET session_replication_role = replica");
            session.execute("TRUNCATE " + String.join(", ", tables));
        }
    }

    private String create(Member publisher) {
        return SubscriptionSql.create(
                declared,
                setUp.runtime()
                        .peers()
                        .conninfo(subscriber.name(), publisher.name(), publisher.database(), declared.name()));
    }
}
