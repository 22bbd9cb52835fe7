package org.pgminicluster.history;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HistoryEvent.Canaries;
import org.pgminicluster.history.HistoryEvent.Canary;
import org.pgminicluster.history.HistoryEvent.Kept;
import org.pgminicluster.history.HistoryEvent.LeftOver;
import org.pgminicluster.history.HistoryEvent.LogSign;
import org.pgminicluster.history.HistoryEvent.Settled;
import org.pgminicluster.history.HistoryEvent.Slot;
import org.pgminicluster.history.HistoryEvent.TableRow;
import org.pgminicluster.history.HistoryEvent.TableRows;
import org.pgminicluster.history.HistoryEvent.Worker;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.script.Sql;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.WorkerErrors;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.wait.Seen;

/** Waits until all is equal again, and takes down what there is in the end. Judges nothing. */
final class FinalLook {

    private static final Duration WORKERS = Duration.ofSeconds(10);
    private static final int REPEATED = 5;
    private static final String UNDEFINED_TABLE = "42P01";

    /** Pieces of a log that tell of a crash that nobody has ordered. */
    private static final Pattern CRASH = Pattern.compile("PANIC: .*|TRAP: .*|.*was terminated by signal (?!9\\b).*");

    private static final String SLOTS = """
            SELECT slot_name, active, coalesce(to_jsonb(s)->>'wal_status', ''),
                   coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint
              FROM pg_replication_slots s ORDER BY 1""";

    private static final String CONFIRMED = """
            SELECT slot_name, coalesce(pg_wal_lsn_diff(?::pg_lsn, confirmed_flush_lsn), 0)::bigint
              FROM pg_replication_slots WHERE slot_type = 'logical' ORDER BY 1""";

    private final MiniCluster cluster;
    private final Recorder recorder;
    private final List<Feed> feeds;

    /** @param feeds the subscriptions that there are now, those first that bring what others pass on */
    FinalLook(MiniCluster cluster, Recorder recorder, List<Feed> feeds) {
        this.cluster = cluster;
        this.recorder = recorder;
        this.feeds = List.copyOf(feeds);
    }

    /**
     * Waits, and says how that ended; what workers log in the meantime is looked at, too.
     *
     * @param standbys the nodes that follow another to the last byte
     */
    void settle(Duration atMost, List<String> standbys) {
        Map<Node, ServerLog.Mark> marks = new HashMap<>();
        cluster.nodes().forEach(node -> marks.put(node, node.log().mark()));
        long start = recorder.now();
        boolean settled = true;
        String lastSeen = "all is applied";
        try {
            feeds.forEach(feed -> cluster.awaitReplicated(feed.subscriber().in(cluster), feed.subscription(), atMost));
            standbys.forEach(standby -> cluster.standbys().awaitReplayed(cluster.node(standby), atMost));
        } catch (MiniClusterException e) {
            settled = false;
            lastSeen = String.valueOf(e.getMessage());
        }
        recorder.add(new Settled(settled, recorder.now() - start, lastSeen, recorder.now()));
        awaitWorkers();
        marks.forEach(this::log);
    }

    /** A worker that was just ended comes again; one that fails does not stay. */
    private void awaitWorkers() {
        try {
            cluster.await("every subscription to have a worker and a walsender", WORKERS, () -> {
                List<String> missing = feeds.stream()
                        .filter(feed -> !isRunning(feed) || !isActive(feed))
                        .map(Feed::subscription)
                        .toList();
                return Seen.of(missing.isEmpty(), "missing are " + missing);
            });
        } catch (MiniClusterException e) {
            // Taken down below as it is.
        }
        feeds.forEach(feed -> recorder.add(new Worker(feed.subscriber().name(), feed.subscription(), isRunning(feed))));
        feeds.stream().map(feed -> feed.publisher().node()).distinct().forEach(this::slots);
    }

    private boolean isRunning(Feed feed) {
        return feed.subscriber()
                .in(cluster)
                .currentSubscription(feed.subscription())
                .map(SubscriptionState::worker)
                .filter(worker -> worker.isPresent())
                .isPresent();
    }

    private boolean isActive(Feed feed) {
        return feed.publisher().in(cluster).query(SLOTS).values().stream()
                .anyMatch(row -> feed.slot().equals(row.get(0)) && "t".equals(row.get(1)));
    }

    private void slots(String publisher) {
        for (Row row : cluster.node(publisher).query(SLOTS).values()) {
            if (feeds.stream()
                    .anyMatch(feed -> feed.publisher().node().equals(publisher)
                            && feed.slot().equals(row.text(0)))) {
                recorder.add(new Slot(
                        publisher, row.text(0), "t".equals(row.get(1)), row.text(2), Long.parseLong(row.text(3))));
            }
        }
    }

    /** Waits until slots have moved past what no subscription wants; what they have not moved past is taken down. */
    void kept(Map<String, Lsn> loads) {
        loads.forEach((publisher, lsn) -> {
            try {
                cluster.await("the slots on " + publisher + " to be past " + lsn, WORKERS, () -> {
                    List<String> behind = kept(publisher, lsn).stream()
                            .filter(kept -> kept.bytes() > 0)
                            .map(Kept::slot)
                            .toList();
                    return Seen.of(behind.isEmpty(), "behind are " + behind);
                });
            } catch (MiniClusterException e) {
                // Taken down below as it is.
            }
            kept(publisher, lsn).forEach(recorder::add);
        });
    }

    private List<Kept> kept(String publisher, Lsn lsn) {
        return cluster.node(publisher).query(CONFIRMED, lsn.toString()).values().stream()
                .map(row -> new Kept(publisher, row.text(0), Math.max(0, Long.parseLong(row.text(1)))))
                .toList();
    }

    /**
     * Takes down which slots are left over.
     *
     * @param known the names that slots of the topology's subscriptions can have
     * @param needed of which these are needed, besides those that are in use
     */
    void leftOver(Set<String> known, Set<String> needed) {
        feeds.stream().map(feed -> feed.publisher().node()).distinct().forEach(publisher -> {
            Set<String> left = new TreeSet<>();
            cluster.node(publisher).query(SLOTS).values().forEach(row -> left.add(row.text(0)));
            left.retainAll(known);
            left.removeAll(needed);
            feeds.stream()
                    .filter(feed -> feed.publisher().node().equals(publisher))
                    .map(Feed::slot)
                    .forEach(left::remove);
            left.forEach(slot -> recorder.add(new LeftOver(publisher, slot)));
        });
    }

    private void log(Node node, ServerLog.Mark mark) {
        Matcher crash = CRASH.matcher(node.log().since(new ServerLog.Mark(0)));
        if (crash.find()) {
            recorder.add(new LogSign(node.name(), crash.group().strip(), 1));
        }
        WorkerErrors.in(node.log().since(mark)).forEach((message, times) -> {
            if (times >= REPEATED) {
                recorder.add(new LogSign(node.name(), message, times));
            }
        });
    }

    /** All rows of a ledger. */
    void ledger(Site place, Ledger ledger) {
        Rows canaries = place.in(cluster)
                .query("SELECT seq, part, op, pg_xact_commit_timestamp(xmin) FROM " + Sql.table(ledger.canary())
                        + " ORDER BY seq, part LIMIT " + TableLook.MOST_ROWS);
        recorder.add(new Canaries(
                place.name(),
                ledger.id(),
                canaries.values().stream()
                        .map(row -> new Canary(
                                Long.parseLong(row.text(0)), number(row.get(1)), number(row.get(2)), row.get(3)))
                        .toList()));
    }

    /**
     * All rows of a table that are compared.
     *
     * @param written whether it is written here
     * @param since when the history began
     */
    void table(Site place, Ledger ledger, KeyedTable table, TableView view, boolean written, String since) {
        recorder.add(new TableRows(
                place.name(),
                ledger.id(),
                table.toString(),
                view.toString(),
                rows(place, table, view, written, since)));
    }

    /** A table that is not there has no rows: that is for the judge to say. */
    private List<TableRow> rows(Site place, KeyedTable table, TableView view, boolean written, String since) {
        try {
            return TableLook.rows(place.in(cluster), table, view, written, since);
        } catch (SqlFailedException e) {
            if (e.sqlState().equals(UNDEFINED_TABLE)) {
                return List.of();
            }
            throw e;
        }
    }

    private static int number(@Nullable String text) {
        return Integer.parseInt(String.valueOf(text));
    }
}
