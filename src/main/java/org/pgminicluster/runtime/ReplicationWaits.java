package org.pgminicluster.runtime;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.ServerState;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.state.StateReader;
import org.pgminicluster.state.SubscribedTable;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.Waits;

/**
 * The replication wait in its two parts: every table of the subscription is synced, the count of them known and above
 * zero; then the publisher's LSN, read once, is confirmed. PostgreSQL's own test helper is content with zero tables.
 *
 * @see <a href="https://www.postgresql.org/docs/13/catalog-pg-subscription-rel.html">pg_subscription_rel</a>
 */
@API(status = API.Status.INTERNAL)
public final class ReplicationWaits {

    private static final String REPLAYED =
            "SELECT coalesce(pg_last_wal_replay_lsn() >= ?::pg_lsn, false), pg_last_wal_replay_lsn()";

    private static final String EARLIER =
            "; to have the cluster before its copies are there, say @Unsynced or MiniCluster.of(topology).unsynced()";

    private final Waits waits;

    public ReplicationWaits(Waits waits) {
        this.waits = waits;
    }

    public void synced(Link link, Duration atMost) {
        synced(link, atMost, "", new Seen.NotYet(Words.of("seen.no-table-yet")));
    }

    /**
     * One link after the other.
     *
     * @param synced of which it was seen just now: nobody is asked again, and the journal has it all the same
     */
    public void replicated(List<Link> links, Set<Link> synced, Duration atMost) {
        for (Link link : links) {
            if (synced.contains(link)) {
                waits.until(
                        WaitFor.everyTableSynced(link.words()),
                        atMost,
                        List.of(),
                        () -> new Seen.Met(Words.of("seen.all-synced")));
            } else {
                synced(link, atMost);
            }
            caughtUp(link, atMost);
        }
    }

    /** The same for a subscription that has just been created: what it had no table for then, it will not copy. */
    public void copied(Link link, Duration atMost) {
        synced(link, atMost, EARLIER, new Seen.Met(Words.of("seen.no-table")));
    }

    private void synced(Link link, Duration atMost, String remedy, Seen empty) {
        if (link.physical()) {
            return;
        }
        WaitFor copies = WaitFor.everyTableSynced(link.words());
        StandbySnapshots snapshots = new StandbySnapshots(link.publisher());
        ManyTables many = new ManyTables(link);
        waits.until(copies, atMost, remedy, List.of(link.subscriber(), link.publisher()), () -> {
            Optional<Seen> before = many.unchanged();
            if (before.isPresent()) {
                snapshots.log();
                return before.get();
            }
            Optional<SubscriptionState> state = StateReader.subscription(link.subscriber(), link.subscription());
            if (state.isEmpty()) {
                return new Seen.NotYet(Words.of("seen.no-subscription"));
            }
            List<SubscribedTable> tables = state.get().tables();
            if (state.get().twoPhasePending()
                    && tables.stream().allMatch(SubscribedTable::isCopied)
                    && !tables.isEmpty()) {
                return new Seen.NotYet(Words.of("seen.two-phase-pending"));
            }
            long done = tables.stream().filter(SubscribedTable::isCopied).count();
            if (done < tables.size()) {
                snapshots.log();
            }
            return tables.isEmpty()
                    ? empty
                    : many.seen(
                            tables.size() - done,
                            Seen.of(
                                    done == tables.size(),
                                    Words.of(
                                            "seen.synced",
                                            done,
                                            tables.size(),
                                            tables.stream()
                                                    .map(table -> table.shown() + "="
                                                            + table.state().letter())
                                                    .sorted()
                                                    .toList())));
        });
    }

    /** To read what hundreds of tables are costs more than a look should, beside workers that copy them. */
    private static final class ManyTables {
        private static final int MANY = 20;
        private static final int LOOKS = 50;

        private final Link link;
        private @Nullable Seen last;
        private int looks;

        ManyTables(Link link) {
            this.link = link;
        }

        /** What was seen before, if many were left, not all of them are there now, and it is not long ago. */
        Optional<Seen> unchanged() {
            return last != null && ++looks % LOOKS != 0 && StateReader.isCopying(link.subscriber(), link.subscription())
                    ? Optional.of(last)
                    : Optional.empty();
        }

        Seen seen(long left, Seen seen) {
            last = left >= MANY ? seen : null;
            return seen;
        }
    }

    /** Waits until all that the publisher has committed by now is applied by the subscriber. */
    public void caughtUp(Link link, Duration atMost) {
        Member publisher = link.publisher();
        WaitFor what = WaitFor.positionOf(publisher.name());
        if (link.physical()) {
            Lsn target = waits.read(what, atMost, List.of(publisher), publisher::currentLsn);
            caughtUp(link, target, atMost, () -> replayed(link.subscriber(), target));
            return;
        }
        // With the target comes how far it is from there, which often is all that is to be known.
        ServerState known = waits.read(what, atMost, List.of(publisher), () -> StateReader.server(publisher));
        ServerState first = known.standby() ? behindItsPrimary(link, what, atMost) : known;
        Lsn target = first.written();
        AtomicBoolean looked = new AtomicBoolean();
        caughtUp(
                link,
                target,
                atMost,
                () -> confirmed(link, target, looked.getAndSet(true) ? StateReader.server(publisher) : first));
    }

    /** What a standby publishes was committed by the node above it, and is to be replayed first. */
    private ServerState behindItsPrimary(Link link, WaitFor what, Duration atMost) {
        Member standby = link.publisher();
        Link.wayTo(standby.runtime(), standby).forEach(above -> caughtUp(above, atMost));
        return waits.read(what, atMost, List.of(standby), () -> StateReader.server(standby));
    }

    private void caughtUp(Link link, Lsn target, Duration atMost, Supplier<Seen> look) {
        String publisher = link.publisher().name();
        WaitFor what = link.physical()
                ? WaitFor.replayed(link.words(), publisher, target.toString())
                : WaitFor.applied(link.words(), publisher, target.toString());
        waits.until(what, atMost, List.of(link.subscriber(), link.publisher()), look);
    }

    /** Asked on the standby, which tells its primary only now and then. */
    private static Seen replayed(Member standby, Lsn target) {
        Row row = standby.look(REPLAYED, target.toString()).values().get(0);
        return Seen.of("t".equals(row.get(0)), Words.of("seen.replayed", row.text(1)));
    }

    /**
     * The walsender is found by its slot, since an application name can be anything. What is flushed has been applied, and
     * only then the next link of a chain can see it in the WAL.
     */
    private static Seen confirmed(Link link, Lsn target, ServerState publisher) {
        Optional<SlotState> slot = publisher.slot(link.slot());
        if (slot.isEmpty()) {
            return new Seen.NotYet(Words.of("seen.no-slot", link.slot()));
        }
        SlotState.Walsender walsender = slot.get().walsender();
        if (walsender == null) {
            return new Seen.NotYet(Words.of(
                    "seen.no-walsender-confirmed",
                    link.slot(),
                    String.valueOf(slot.get().confirmed())));
        }
        Lsn flushed = walsender.flushed();
        return Seen.of(
                flushed != null && flushed.compareTo(target) >= 0,
                Words.of("seen.flushed", String.valueOf(walsender.replayed()), String.valueOf(flushed)));
    }
}
