package org.pgminicluster.standby;

import java.util.Optional;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.SubscribedTable;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.state.SyncState;
import org.pgminicluster.topology.TableName;

/**
 * A subscription that one of a pair has, with nothing in it that would need a server: what is decided by can be tried
 * without one.
 *
 * @param node the one of the pair
 * @param publisher the node that it follows
 * @param slot the slot that it streams from
 * @param state what the catalogs have of it
 */
record Followed(String node, String publisher, String slot, SubscriptionState state) {

    static final Lsn NOWHERE = new Lsn(0);

    long oid() {
        return state.oid();
    }

    String name() {
        return state.name();
    }

    boolean enabled() {
        return state.enabled();
    }

    /** Up to where the publisher's commits are applied here; zero before the first one. */
    Lsn applied() {
        Lsn applied = state.applied();
        return applied == null ? NOWHERE : applied;
    }

    boolean has(TableName table) {
        return state.table(table).isPresent();
    }

    /** Whether another node has the same one, be it in another state. */
    boolean isNamedLike(Followed other) {
        return name().equals(other.name()) && state.database().equals(other.state.database());
    }

    /** Whether it is the same one with the same slot and publications, so that both stand for the same commits. */
    boolean isAlike(Followed other) {
        return oid() == other.oid()
                && slot.equals(other.slot)
                && publisher.equals(other.publisher)
                && state.publications().equals(other.state.publications());
    }

    Optional<SubscribedTable> ready(TableName table) {
        return state.table(table).filter(own -> own.state() == SyncState.READY);
    }

    @Override
    public String toString() {
        return "subscription " + name() + " on " + node;
    }
}
