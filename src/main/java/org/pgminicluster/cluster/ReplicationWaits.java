package org.pgminicluster.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Row;

/**
 * The replication wait in its two parts: every table of the subscription is synced, the count of them known and above
 * zero; then the publisher's LSN, read once, is confirmed. PostgreSQL's own test helper is content with zero tables.
 *
 * @see <a href="https://www.postgresql.org/docs/13/catalog-pg-subscription-rel.html">pg_subscription_rel</a>
 */
final class ReplicationWaits {

    private static final String SYNCED = """
            SELECT count(r.srrelid), count(r.srrelid) FILTER (WHERE r.srsubstate IN ('s', 'r')),
                   string_agg(r.srrelid::regclass || '=' || r.srsubstate::text, ', ' ORDER BY r.srrelid::regclass::text),
                   count(s.oid)
              FROM pg_subscription s LEFT JOIN pg_subscription_rel r ON r.srsubid = s.oid
             WHERE s.subname = ? AND s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())""";

    /**
     * Without a target it is up to where the publisher has written its WAL. The walsender is found by its slot, since an
     * application name can be anything. What is flushed has been applied, and only then the next link of a chain can see
     * it in the WAL.
     */
    private static final String CONFIRMED = """
            SELECT target.lsn, s.slot_name, s.active, coalesce(r.flush_lsn >= target.lsn, false),
                   r.replay_lsn, s.confirmed_flush_lsn, r.flush_lsn
              FROM (SELECT coalesce(?::pg_lsn, CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                                    ELSE pg_current_wal_lsn() END) AS lsn OFFSET 0) target
                   LEFT JOIN pg_replication_slots s ON s.slot_name = ?
                   LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid""";

    private static final String REPLAYED =
            "SELECT coalesce(pg_last_wal_replay_lsn() >= ?::pg_lsn, false), pg_last_wal_replay_lsn()";

    private static final String EARLIER =
            "; to have the cluster before its copies are there, say @Unsynced or MiniCluster.of(topology).unsynced()";

    private final Waits waits;

    ReplicationWaits(Waits waits) {
        this.waits = waits;
    }

    void synced(Link link, Duration atMost) {
        synced(link, atMost, "", new Probe.NotYet("it has no table; is the publication empty, or a REFRESH due?"));
    }

    /**
     * One link after the other.
     *
     * @param synced of which it was seen just now: nobody is asked again, and the journal has it all the same
     */
    void replicated(List<Link> links, Set<Link> synced, Duration atMost) {
        for (Link link : links) {
            if (synced.contains(link)) {
                waits.until(tables(link), atMost, List.of(), () -> new Probe.Met("all tables synced"));
            } else {
                synced(link, atMost);
            }
            caughtUp(link, atMost);
        }
    }

    private static String tables(Link link) {
        return "every table of " + link + " to be synced";
    }

    /** The same for a subscription that has just been created: what it had no table for then, it will not copy. */
    void copied(Link link, Duration atMost) {
        synced(link, atMost, EARLIER, new Probe.Met("it has no table"));
    }

    private void synced(Link link, Duration atMost, String remedy, Probe empty) {
        if (link.physical()) {
            return;
        }
        waits.until(tables(link), atMost, remedy, List.of(link.subscriber(), link.publisher()), () -> {
            Row row =
                    link.subscriber().look(SYNCED, link.subscription()).values().get(0);
            long total = Long.parseLong(row.text(0));
            long done = Long.parseLong(row.text(1));
            if (row.text(3).equals("0")) {
                return new Probe.NotYet("there is no such subscription");
            }
            return total == 0
                    ? empty
                    : Probe.of(total == done, done + " of " + total + " tables synced: " + row.get(2));
        });
    }

    /** Waits until all that the publisher has committed by now is applied by the subscriber. */
    void caughtUp(Link link, Duration atMost) {
        Node publisher = link.publisher();
        String what = publisher.name() + " to say up to where it has written its WAL";
        if (link.physical()) {
            Lsn target = waits.read(what, atMost, List.of(publisher), publisher::currentLsn);
            caughtUp(link, target, atMost, () -> replayed(link.subscriber(), target));
            return;
        }
        // With the target comes how far it is from there, which often is all that is to be known.
        Row first = waits.read(what, atMost, List.of(publisher), () -> stand(link, null));
        Lsn target = Lsn.parse(first.text(0));
        AtomicBoolean looked = new AtomicBoolean();
        caughtUp(
                link,
                target,
                atMost,
                () -> confirmed(link, looked.getAndSet(true) ? stand(link, target.toString()) : first));
    }

    private void caughtUp(Link link, Lsn target, Duration atMost, Supplier<Probe> look) {
        waits.until(
                link + (link.physical() ? " to replay" : " to apply") + " everything of "
                        + link.publisher().name() + " up to " + target,
                atMost,
                List.of(link.subscriber(), link.publisher()),
                look);
    }

    /** Asked on the standby, which tells its primary only now and then. */
    private static Probe replayed(Node standby, Lsn target) {
        Row row = standby.look(REPLAYED, target.toString()).values().get(0);
        return Probe.of("t".equals(row.get(0)), "replayed " + row.get(1));
    }

    private static Row stand(Link link, @Nullable String target) {
        return link.publisher().look(CONFIRMED, target, link.slot()).values().get(0);
    }

    private static Probe confirmed(Link link, Row stand) {
        if (stand.get(1) == null) {
            return new Probe.NotYet("slot " + link.slot() + " is not there");
        }
        if (!"t".equals(stand.get(2))) {
            return new Probe.NotYet("slot " + link.slot() + " has no walsender, confirmed " + stand.get(5));
        }
        return Probe.of("t".equals(stand.get(3)), "replayed " + stand.get(4) + ", flushed " + stand.get(6));
    }
}
