package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Trace;

/** How many bytes each slot was behind, over time: as sampled, and at each commit, when it is behind by at least that. */
final class Lag {

    private static final int MOST_POINTS = 300;

    /** A slot's lag at one moment. */
    record Point(double millis, long behind) {}

    /** All of one slot. */
    record Series(String node, String slot, List<Point> points, long retained) {
        long peak() {
            return points.stream().mapToLong(Point::behind).max().orElse(0);
        }

        long last() {
            return points.isEmpty() ? 0 : points.get(points.size() - 1).behind();
        }

        String name() {
            return node + " · " + slot;
        }
    }

    private record Key(String node, String slot) {}

    private final Map<Key, List<Point>> points = new LinkedHashMap<>();
    private final Map<Key, Long> retained = new HashMap<>();
    private final Map<Key, Long> confirmed = new HashMap<>();

    private Lag() {}

    static List<Series> of(Run run) {
        Lag lag = new Lag();
        for (Entry entry : run.entries()) {
            String node = String.valueOf(entry.node());
            if (entry.event() instanceof Trace.Probe probe) {
                probe.slots().forEach(slot -> lag.sampled(new Key(node, slot.name()), entry.millis(), slot));
            } else if (entry.event() instanceof Trace.Commit commit) {
                lag.committed(node, entry.millis(), Lsns.position(commit.lsn()));
            }
        }
        return lag.points.entrySet().stream()
                .map(series -> new Series(
                        series.getKey().node(),
                        series.getKey().slot(),
                        thinned(series.getValue()),
                        lag.retained.getOrDefault(series.getKey(), 0L)))
                .toList();
    }

    private void sampled(Key key, double millis, Trace.Slot slot) {
        Long behind = slot.behind();
        if (behind != null) {
            points.computeIfAbsent(key, series -> new ArrayList<>()).add(new Point(millis, Math.max(0, behind)));
        }
        Lsns.position(slot.confirmed()).ifPresent(position -> confirmed.put(key, position));
        Long kept = slot.retained();
        if (kept != null) {
            retained.merge(key, kept, Math::max);
        }
    }

    private void committed(String node, double millis, OptionalLong position) {
        if (position.isPresent()) {
            confirmed.forEach((key, known) -> {
                if (key.node().equals(node) && position.getAsLong() > known) {
                    points.computeIfAbsent(key, series -> new ArrayList<>())
                            .add(new Point(millis, position.getAsLong() - known));
                }
            });
        }
    }

    /** The greatest of each stretch of time, so that no peak is lost. */
    private static List<Point> thinned(List<Point> all) {
        if (all.size() <= MOST_POINTS) {
            return List.copyOf(all);
        }
        List<Point> thin = new ArrayList<>();
        for (int i = 0; i < MOST_POINTS; i++) {
            List<Point> stretch = all.subList(
                    (int) ((long) i * all.size() / MOST_POINTS), (int) ((long) (i + 1) * all.size() / MOST_POINTS));
            thin.add(stretch.stream()
                    .reduce((a, b) -> a.behind() >= b.behind() ? a : b)
                    .orElseThrow());
        }
        return thin;
    }
}
