package org.pgminicluster.cluster;

import java.util.List;
import java.util.stream.Stream;
import org.pgminicluster.topology.TableName;

/**
 * A table that a subscription copies.
 *
 * @param subscription the subscription's oid
 * @param state how far the copy has come
 * @param since up to where the publisher's commits were in the copy when it came into that state, or zero: the subscription
 *     had received everything up to there when a table became {@link SyncState#READY}
 * @see <a href="https://www.postgresql.org/docs/13/catalog-pg-subscription-rel.html">pg_subscription_rel</a>
 */
record SubscribedTable(long subscription, TableName table, SyncState state, Lsn since) {

    private static final String ALL = """
            SELECT r.srsubid, n.nspname, c.relname, r.srsubstate, coalesce(r.srsublsn, '0/0')
              FROM pg_subscription_rel r
              JOIN pg_class c ON c.oid = r.srrelid
              JOIN pg_namespace n ON n.oid = c.relnamespace
             ORDER BY 2, 3""";

    /** Those of all these subscriptions, which are of one node. */
    static List<SubscribedTable> of(List<Inherited> subscriptions) {
        return subscriptions.stream()
                .map(Inherited::subscriber)
                .distinct()
                .flatMap(SubscribedTable::in)
                .toList();
    }

    private static Stream<SubscribedTable> in(Node view) {
        return view.look(ALL).values().stream()
                .map(row -> new SubscribedTable(
                        Long.parseLong(row.text(0)),
                        new TableName(row.text(1), row.text(2)),
                        SyncState.of(row.text(3)),
                        Lsn.parse(row.text(4))));
    }

    boolean isOf(Inherited owner) {
        return subscription == owner.oid();
    }
}
