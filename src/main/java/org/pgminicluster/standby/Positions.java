package org.pgminicluster.standby;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.SyncState;

/** Up to where a standby has what its primary's subscriptions have brought, and where they are to go on. */
final class Positions {

    /** Where whatever comes is copied first. */
    static final Lsn ANYWHERE = new Lsn(-1);

    private Positions() {}

    /** Where whoever streams from a slot begins, if not later. */
    static Lsn beginOf(SlotState slot) {
        Lsn confirmed = slot.confirmed();
        return confirmed == null ? Followed.NOWHERE : confirmed;
    }

    /**
     * Up to where a standby has all commits of a subscription, and a failover slot may be moved. That is at least what it
     * has applied. What is not published makes no commit and moves only the subscription's own slot: up to where its user
     * has confirmed, the primary had all commits afterwards, and so has a standby that has applied as much as the primary.
     *
     * @param own the subscription's own slot, read first
     * @param primarys the primary's subscriptions, read then
     * @param standbys the same one as the standby has replayed it, read last
     */
    static Lsn carried(Optional<SlotState> own, Collection<Followed> primarys, Followed standbys) {
        Lsn applied = standbys.applied();
        return own.map(Positions::beginOf)
                .filter(confirmed -> confirmed.compareTo(applied) > 0)
                .filter(confirmed -> primarys.stream()
                        .anyMatch(primary ->
                                primary.isAlike(standbys) && primary.applied().compareTo(applied) <= 0))
                .orElse(applied);
    }

    /**
     * Up to where a standby has everything of a subscription and nothing beyond; empty if nobody knows. An origin has no
     * position before something is applied, but a table that is ready says up to where the subscription had received
     * everything then.
     *
     * @param known what was known of it before, zero if nothing was
     */
    static Optional<Lsn> reached(Followed standbys, Lsn known) {
        Lsn reached = Stream.concat(Stream.of(known, standbys.applied()), since(standbys, SyncState.READY))
                .max(Comparator.naturalOrder())
                .orElse(Followed.NOWHERE);
        if (!reached.equals(Followed.NOWHERE)) {
            return Optional.of(reached);
        }
        if (since(standbys, SyncState.READY).findAny().isPresent()) {
            return Optional.empty();
        }
        return Optional.of(since(standbys, SyncState.SYNCHRONIZED)
                .min(Comparator.naturalOrder())
                .orElse(ANYWHERE));
    }

    /**
     * Where a subscription's origin is to be moved to before it goes on from a failover slot. It would begin at the later
     * of the two, and have twice what was copied since.
     */
    static Optional<Lsn> origin(Followed standbys, SlotState slot, Optional<Lsn> reached) {
        return reached.filter(position -> !position.equals(ANYWHERE)
                && standbys.applied().compareTo(position) < 0
                && beginOf(slot).compareTo(position) < 0);
    }

    private static Stream<Lsn> since(Followed subscription, SyncState state) {
        return subscription.state().tables().stream()
                .filter(table -> table.state() == state)
                .map(table -> table.since() == null ? Followed.NOWHERE : table.since());
    }
}
