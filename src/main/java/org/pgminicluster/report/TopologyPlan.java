package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.pgminicluster.journal.Trace;

/** Where each node stands in a picture: those that only receive stand below those that they receive from. */
final class TopologyPlan {

    static final double WIDTH = 170;
    static final double GAP = 132;
    static final double DROP = 104;
    static final double MARGIN = 14;
    /** So that there is room on both sides of a single box for what is said of its arrows. */
    private static final double LEAST = 2 * MARGIN + WIDTH + 2 * (GAP + 60);

    private static final double HEAD = 52;
    private static final double LINE = 24;

    /** A node's box. */
    record Box(double x, double y, double height) {
        double right() {
            return x + WIDTH;
        }

        double bottom() {
            return y + height;
        }

        double middle() {
            return x + WIDTH / 2;
        }
    }

    private final Map<String, Box> boxes = new LinkedHashMap<>();
    private final Map<String, Integer> ranks = new HashMap<>();
    private final Map<String, Integer> places = new HashMap<>();
    private double width;
    private double height;

    /** @param badges how many lines of badges each node has */
    TopologyPlan(List<String> nodes, List<Trace.Arrow> arrows, Map<String, Integer> badges, double above) {
        rank(nodes, arrows);
        Map<Integer, List<String>> rows = new TreeMap<>();
        nodes.forEach(node -> rows.computeIfAbsent(ranks.getOrDefault(node, 0), row -> new ArrayList<>())
                .add(node));
        int most = rows.values().stream().mapToInt(List::size).max().orElse(1);
        width = Math.max(LEAST, 2 * MARGIN + most * WIDTH + (most - 1) * GAP);
        double y = MARGIN + above;
        for (List<String> row : rows.values()) {
            double rowWidth = row.size() * WIDTH + (row.size() - 1) * GAP;
            double x = (width - rowWidth) / 2;
            double tallest = 0;
            for (int place = 0; place < row.size(); place++) {
                String node = row.get(place);
                Box box = new Box(x, y, HEAD + LINE * Math.max(1, badges.getOrDefault(node, 1)) + 8);
                boxes.put(node, box);
                places.put(node, place);
                tallest = Math.max(tallest, box.height());
                x += WIDTH + GAP;
            }
            y += tallest + DROP;
        }
        height = y - DROP + MARGIN;
    }

    Box box(String node) {
        return boxes.getOrDefault(node, new Box(0, 0, HEAD));
    }

    boolean has(String node) {
        return boxes.containsKey(node);
    }

    int rank(String node) {
        return ranks.getOrDefault(node, 0);
    }

    int place(String node) {
        return places.getOrDefault(node, 0);
    }

    double width() {
        return width;
    }

    double height() {
        return height;
    }

    /** Those that feed each other stand side by side; all others stand below whoever feeds them. */
    private void rank(List<String> nodes, List<Trace.Arrow> arrows) {
        Map<String, List<String>> reach = new HashMap<>();
        nodes.forEach(node -> reach.put(node, reachable(node, arrows)));
        nodes.forEach(node -> ranks.put(node, 0));
        for (int round = 0; round < nodes.size(); round++) {
            for (Trace.Arrow arrow : arrows) {
                if (!ranks.containsKey(arrow.from()) || !ranks.containsKey(arrow.to())) {
                    continue;
                }
                boolean back = reach.getOrDefault(arrow.to(), List.of()).contains(arrow.from());
                int least = ranks.getOrDefault(arrow.from(), 0) + (back ? 0 : 1);
                ranks.merge(arrow.to(), least, Math::max);
            }
        }
    }

    private static List<String> reachable(String start, List<Trace.Arrow> arrows) {
        List<String> found = new ArrayList<>(List.of(start));
        for (int i = 0; i < found.size(); i++) {
            String here = found.get(i);
            arrows.stream()
                    .filter(arrow -> arrow.from().equals(here))
                    .map(Trace.Arrow::to)
                    .filter(to -> !found.contains(to))
                    .forEach(found::add);
        }
        return found;
    }
}
