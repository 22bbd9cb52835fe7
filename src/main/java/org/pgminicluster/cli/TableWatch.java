package org.pgminicluster.cli;

import java.time.LocalTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.TableName;

/**
 * Tells when rows of a table appear and vanish on each node, by looking again and again. A time is when it was seen: it
 * is late by up to the interval between two looks.
 */
final class TableWatch {

    private static final int MOST_ROWS = 5_000;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private final MiniCluster cluster;
    private final String table;
    private final Printer printer;
    private final Terminal terminal;
    private final Map<String, Set<Row>> seen = new HashMap<>();
    private final Set<String> silent = new HashSet<>();
    /** When a change was seen first anywhere, by what changed. */
    private final Map<String, Long> first = new HashMap<>();

    TableWatch(MiniCluster cluster, String table, Printer printer, Terminal terminal) {
        this.cluster = cluster;
        this.table = table;
        this.printer = printer;
        this.terminal = terminal;
    }

    /**
     * What was seen.
     *
     * @param change {@code added}, {@code removed}, {@code silent} or {@code answers}
     * @param row the row, empty where it is the node that changed
     * @param afterMillis how long after it was seen first on any node
     */
    record Seen(
            String time,
            String node,
            String change,
            List<@Nullable String> row,
            @Nullable Double afterMillis) {}

    /** Goes on until whoever asked goes away, or for as many seconds as were asked for. */
    void run(long intervalMillis, long seconds) throws InterruptedException {
        cluster.nodes().forEach(this::begin);
        List<Node> writers = cluster.nodes().stream().filter(this::writes).toList();
        List<Node> copies =
                cluster.nodes().stream().filter(node -> !writers.contains(node)).toList();
        CountDownLatch never = new CountDownLatch(1);
        long begin = System.nanoTime();
        do {
            lookAround(writers, copies);
        } while (terminal.lost().isEmpty()
                && (seconds == 0 || System.nanoTime() - begin < TimeUnit.SECONDS.toNanos(seconds))
                && !never.await(intervalMillis, TimeUnit.MILLISECONDS));
    }

    private boolean writes(Node node) {
        TableName name = TableName.of(table);
        return !isStandby(node)
                && cluster.topology().described(node.name()).databases().stream()
                        .anyMatch(database -> database.owns().contains(name)
                                || database.publications().stream()
                                        .anyMatch(publication -> publication.tables().stream()
                                                .anyMatch(published ->
                                                        published.name().equals(name))));
    }

    private static boolean isStandby(Node node) {
        return node.isRunning() && !node.isPaused() && node.isStandby();
    }

    /** The writers are read last and told first: what a copy has, its writer had before. */
    private void lookAround(List<Node> writers, List<Node> copies) {
        Map<Node, Optional<Set<Row>>> found = new LinkedHashMap<>();
        writers.forEach(node -> found.put(node, Optional.empty()));
        List<Optional<Set<Row>>> ofCopies = InParallel.map(copies, this::look);
        for (int i = 0; i < copies.size(); i++) {
            found.put(copies.get(i), ofCopies.get(i));
        }
        writers.forEach(node -> found.put(node, look(node)));
        long at = System.nanoTime();
        found.forEach((node, rows) -> {
            if (rows.isPresent()) {
                compare(node, rows.get(), at);
            } else if (silent.add(node.name())) {
                tell(new Seen(now(), node.name(), "silent", List.of(), null));
            }
        });
    }

    private void begin(Node node) {
        if (!node.isRunning() || node.isPaused()) {
            tell(new Seen(now(), node.name(), "silent", List.of(), null));
            silent.add(node.name());
            return;
        }
        Set<Row> rows = rows(node);
        seen.put(node.name(), rows);
        printer.line(node.name() + " has " + rows.size() + (rows.size() == 1 ? " row" : " rows") + " of " + table);
    }

    private Set<Row> rows(Node node) {
        // Counted first: a table that is too great is not to be read at all.
        long count = node.table(table).quietly().count();
        if (count > MOST_ROWS) {
            throw new MiniClusterException("expected a table that is watched to have at most " + MOST_ROWS
                    + " rows, but " + table + " on " + node.name() + " has " + count + "; watch a smaller one");
        }
        return new HashSet<>(node.table(table).quietly().rows().values());
    }

    /** Empty if the node does not answer. */
    private Optional<Set<Row>> look(Node node) {
        try {
            return node.isRunning() && !node.isPaused() ? Optional.of(rows(node)) : Optional.empty();
        } catch (SqlFailedException e) {
            return Optional.empty();
        }
    }

    private void compare(Node node, Set<Row> now, long at) {
        if (silent.remove(node.name())) {
            tell(new Seen(now(), node.name(), "answers", List.of(), null));
        }
        Set<Row> before = seen.getOrDefault(node.name(), Set.of());
        seen.put(node.name(), now);
        before.stream().filter(row -> !now.contains(row)).sorted().forEach(row -> change(node, "removed", row, at));
        now.stream().filter(row -> !before.contains(row)).sorted().forEach(row -> change(node, "added", row, at));
    }

    private void change(Node node, String change, Row row, long at) {
        long began = first.computeIfAbsent(change + row, key -> at);
        tell(new Seen(now(), node.name(), change, new ArrayList<>(row.values()), (at - began) / 1e6));
        // The same row may come and go again, and then counts anew.
        first.keySet().removeIf(key -> key.equals((change.equals("added") ? "removed" : "added") + row));
    }

    private void tell(Seen event) {
        printer.line(shown(event));
        printer.data(event);
    }

    private static String shown(Seen event) {
        String what = switch (event.change()) {
            case "added" -> "+ " + new Row(event.row());
            case "removed" -> "- " + new Row(event.row());
            case "silent" -> "does not answer";
            default -> "answers";
        };
        Double after = event.afterMillis();
        return event.time() + "  " + event.node() + "  " + what
                + (after == null || after == 0 ? "" : String.format(Locale.ROOT, "  after %.0f ms", after));
    }

    private static String now() {
        return LocalTime.now().format(CLOCK);
    }
}
