package org.pgminicluster.standby;

import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Conninfo;
import org.pgminicluster.state.StateReader;
import org.pgminicluster.state.SubscriptionState;

/**
 * A subscription as a standby has it from its primary, and how far the standby has come with it. The position is that of
 * the origin, which is replayed with every commit, and can be read in recovery.
 *
 * @param state what the catalogs have of it
 * @param subscriber the node whose catalogs have it, through its database
 * @param publisher the node that it follows, through the database that it follows
 * @param slot the slot that it streams from
 * @param role the role by which it logs in
 * @see <a href="https://www.postgresql.org/docs/13/replication-origins.html">Replication Progress Tracking</a>
 */
record StandbySubscription(SubscriptionState state, Member subscriber, Member publisher, String slot, String role) {

    /** All that have a slot and follow a node of this cluster; their tables may be missing. */
    static List<StandbySubscription> on(Member node) {
        return of(node, StateReader.subscriptions(node));
    }

    /** The same with their tables, for which each database is asked. */
    static List<StandbySubscription> withTables(Member node) {
        return of(
                node,
                StateReader.subscriptions(node).stream()
                        .map(SubscriptionState::database)
                        .distinct()
                        .flatMap(database -> StateReader.subscriptionsIn(node.in(database)).stream())
                        .toList());
    }

    private static List<StandbySubscription> of(Member node, List<SubscriptionState> states) {
        List<StandbySubscription> all = new ArrayList<>();
        for (SubscriptionState state : states) {
            Conninfo conninfo = Conninfo.parse(state.conninfo());
            state.slot()
                    .ifPresent(slot -> Link.publisher(node.runtime(), conninfo)
                            .ifPresent(publisher -> all.add(new StandbySubscription(
                                    state,
                                    node.in(state.database()),
                                    publisher,
                                    slot,
                                    conninfo.get("user").orElse("")))));
        }
        return all;
    }

    long oid() {
        return state.oid();
    }

    String name() {
        return state.name();
    }

    boolean enabled() {
        return state.enabled();
    }

    /** The same without the servers. */
    Followed followed() {
        return new Followed(subscriber.name(), publisher.name(), slot, state);
    }

    @Override
    public String toString() {
        return followed().toString();
    }
}
