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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.SqlFailedException;
import org.pgminicluster.journal.Row;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.topology.TableName;

/**
 * Tells when rows of a table appear and vanish on each node, by looking again and again. A time is when it was seen: it
 * is late by up to the interval between two looks.
 */
final class Watch {

    private static final int MOST_ROWS = 5_000;
    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss.SSS");

    private final MiniCluster cluster;
    private final Answer answer;
    private final Map<String, Set<Row>> seen = new HashMap<>();
    private final Set<String> silent = new HashSet<>();
    /** When a change was seen first anywhere, by what changed. */
    private final Map<String, Long> first = new HashMap<>();

    Watch(MiniCluster cluster, Answer answer) {
        this.cluster = cluster;
        this.answer = answer;
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
    int run(Request request) {
        String table = request.args().get(0);
        long interval = Math.max(5, Long.parseLong(request.option("interval", "50")));
        long seconds = Long.parseLong(request.option("seconds", "0"));
        cluster.nodes().forEach(node -> begin(node, table));
        List<Node> writers =
                cluster.nodes().stream().filter(node -> writes(node, table)).toList();
        List<Node> copies =
                cluster.nodes().stream().filter(node -> !writers.contains(node)).toList();
        ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(runnable -> {
            Thread thread = new Thread(runnable, "keeper-watch");
            thread.setDaemon(true);
            return thread;
        });
        try {
            ScheduledFuture<?> looking = looks.scheduleWithFixedDelay(
                    () -> lookAround(writers, copies, table), 0, interval, TimeUnit.MILLISECONDS);
            if (seconds == 0) {
                looking.get();
            } else {
                looking.get(seconds, TimeUnit.SECONDS);
            }
        } catch (TimeoutException e) {
            return Exit.OK;
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause
                    ? cause
                    : new MiniClusterException("could not watch " + table, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            looks.shutdownNow();
        }
        return Exit.OK;
    }

    private boolean writes(Node node, String table) {
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
    private void lookAround(List<Node> writers, List<Node> copies, String table) {
        Map<Node, Optional<Set<Row>>> found = new LinkedHashMap<>();
        writers.forEach(node -> found.put(node, Optional.empty()));
        List<Optional<Set<Row>>> ofCopies = InParallel.map(copies, node -> look(node, table));
        for (int i = 0; i < copies.size(); i++) {
            found.put(copies.get(i), ofCopies.get(i));
        }
        writers.forEach(node -> found.put(node, look(node, table)));
        long at = System.nanoTime();
        found.forEach((node, rows) -> {
            if (rows.isPresent()) {
                compare(node, rows.get(), at);
            } else if (silent.add(node.name())) {
                tell(new Seen(now(), node.name(), "silent", List.of(), null));
            }
        });
    }

    private void begin(Node node, String table) {
        if (!node.isRunning() || node.isPaused()) {
            tell(new Seen(now(), node.name(), "silent", List.of(), null));
            silent.add(node.name());
            return;
        }
        Set<Row> rows = rows(node, table);
        seen.put(node.name(), rows);
        answer.line(node.name() + " has " + rows.size() + (rows.size() == 1 ? " row" : " rows") + " of " + table);
    }

    private static Set<Row> rows(Node node, String table) {
        List<Row> rows = node.table(table).quietly().rows().values();
        if (rows.size() > MOST_ROWS) {
            throw new MiniClusterException("expected a table that is watched to have at most " + MOST_ROWS
                    + " rows, but " + table + " on " + node.name() + " has " + rows.size()
                    + "; watch a smaller one");
        }
        return new HashSet<>(rows);
    }

    /** Empty if the node does not answer. */
    private static Optional<Set<Row>> look(Node node, String table) {
        try {
            return node.isRunning() && !node.isPaused() ? Optional.of(rows(node, table)) : Optional.empty();
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
        answer.line(shown(event));
        answer.data(event);
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
