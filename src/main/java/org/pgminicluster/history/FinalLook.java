package org.pgminicluster.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.SubscriptionStatus;
import org.pgminicluster.history.HistoryEvent.Canaries;
import org.pgminicluster.history.HistoryEvent.Canary;
import org.pgminicluster.history.HistoryEvent.LogSign;
import org.pgminicluster.history.HistoryEvent.Settled;
import org.pgminicluster.history.HistoryEvent.Slot;
import org.pgminicluster.history.HistoryEvent.TableRow;
import org.pgminicluster.history.HistoryEvent.TableRows;
import org.pgminicluster.history.HistoryEvent.Worker;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.WorkerErrors;

/** Waits until all is equal again, and takes down what there is in the end. Judges nothing. */
final class FinalLook {

    private static final Duration WORKERS = Duration.ofSeconds(10);
    /** A mutant that echoes writes rows without end. */
    private static final int MOST_ROWS = 10_000;

    private static final int REPEATED = 5;

    /** Pieces of a log that tell of a crash that nobody has ordered. */
    private static final Pattern CRASH = Pattern.compile("PANIC: .*|TRAP: .*|.*was terminated by signal (?!9\\b).*");

    private static final String SLOTS = """
            SELECT slot_name, active, coalesce(to_jsonb(s)->>'wal_status', ''),
                   coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn), 0)::bigint
              FROM pg_replication_slots s ORDER BY 1""";

    private final MiniCluster cluster;
    private final Recorder recorder;
    private final List<HistoryTopology.Link> links;
    private final List<String> copies = new ArrayList<>();

    FinalLook(MiniCluster cluster, Recorder recorder, List<HistoryTopology.Link> links) {
        this.cluster = cluster;
        this.recorder = recorder;
        this.links = List.copyOf(links);
    }

    /**
     * Waits, and says how that ended; what workers log in the meantime is looked at, too.
     *
     * @param standbys the nodes that follow another to the last byte
     */
    void settle(Duration atMost, List<String> standbys) {
        copies.addAll(standbys);
        Map<Node, ServerLog.Mark> marks = new HashMap<>();
        cluster.nodes().forEach(node -> marks.put(node, node.log().mark()));
        long start = recorder.now();
        boolean settled = true;
        String lastSeen = "all is applied";
        try {
            links.forEach(
                    link -> cluster.awaitReplicated(cluster.node(link.subscriber()), link.subscription(), atMost));
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
                List<String> missing = links.stream()
                        .filter(link -> !isRunning(link) || !isActive(link))
                        .map(HistoryTopology.Link::subscription)
                        .toList();
                return new MiniCluster.Seen(missing.isEmpty(), "missing are " + missing);
            });
        } catch (MiniClusterException e) {
            // Taken down below as it is.
        }
        links.forEach(link -> recorder.add(new Worker(link.subscriber(), link.subscription(), isRunning(link))));
        links.stream().map(HistoryTopology.Link::publisher).distinct().forEach(this::slots);
    }

    private boolean isRunning(HistoryTopology.Link link) {
        return cluster.node(link.subscriber())
                .currentSubscription(link.subscription())
                .map(SubscriptionStatus::worker)
                .filter(worker -> worker.isPresent())
                .isPresent();
    }

    private boolean isActive(HistoryTopology.Link link) {
        return cluster.node(link.publisher()).query(SLOTS).values().stream()
                .anyMatch(row -> link.slot().equals(row.get(0)) && "t".equals(row.get(1)));
    }

    private void slots(String publisher) {
        for (Row row : cluster.node(publisher).query(SLOTS).values()) {
            if (links.stream()
                    .anyMatch(link ->
                            link.publisher().equals(publisher) && link.slot().equals(row.text(0)))) {
                recorder.add(new Slot(
                        publisher, row.text(0), "t".equals(row.get(1)), row.text(2), Long.parseLong(row.text(3))));
            }
        }
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

    /** All rows of the publishers and of the copies. */
    void rows() {
        for (Source source : Source.values()) {
            rows(source.publisher(), source);
            links.stream().filter(link -> link.source() == source).forEach(link -> rows(link.subscriber(), source));
            // A standby has all that its primary has.
            copies.forEach(standby -> rows(standby, source));
        }
    }

    private void rows(String name, Source source) {
        Node node = cluster.node(name);
        Rows canaries = node.query("SELECT seq, part, op, pg_xact_commit_timestamp(xmin) FROM " + source.canary()
                + " ORDER BY seq, part LIMIT " + MOST_ROWS);
        recorder.add(new Canaries(
                name,
                source,
                canaries.values().stream()
                        .map(row -> new Canary(
                                Long.parseLong(row.text(0)), number(row.get(1)), number(row.get(2)), row.get(3)))
                        .toList()));
        Rows rows = node.query("SELECT id, md5(t::text), pg_xact_commit_timestamp(xmin) FROM " + source.table()
                + " t ORDER BY id LIMIT " + MOST_ROWS);
        recorder.add(new TableRows(
                name,
                source,
                rows.values().stream()
                        .map(row -> new TableRow(number(row.get(0)), row.text(1), row.get(2)))
                        .toList()));
    }

    private static int number(@Nullable String text) {
        return Integer.parseInt(String.valueOf(text));
    }
}
