package org.pgminicluster.report;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.report.Spacetime.Bar;
import org.pgminicluster.report.Spacetime.Dot;
import org.pgminicluster.report.Spacetime.Way;

/**
 * A lane a node, time runs down. Between two moments there is at least room for a line of text and at most as much as
 * shows that it was long: pauses are shortened, and said.
 */
final class SpacetimePicture {

    private static final double AXIS = 78;
    /** Room for the longest word that stands before the first lane. */
    private static final double SIDE = 130;

    private static final double LANE = 186;
    private static final double TOP = 52;
    private static final double PIXELS_PER_MILLI = 1.7;
    private static final double LEAST = 15;
    private static final double LEAST_BEFORE_DOT = 34;
    private static final double MOST = 64;
    private static final double PAUSE = 100;
    /** How much lower a change is lost for each lane that it was to cross. */
    private static final double LOST = 13;

    private final Spacetime spacetime;
    private final Labels labels;
    private final NavigableMap<Double, Double> heights = new TreeMap<>();
    private final NavigableMap<Double, Double> pauses = new TreeMap<>();
    private final Map<String, Integer> lanes = new HashMap<>();
    private double bottom = TOP;

    SpacetimePicture(Spacetime spacetime, Labels labels) {
        this.spacetime = spacetime;
        this.labels = labels;
        List<String> names = spacetime.lanes();
        for (int i = 0; i < names.size(); i++) {
            lanes.put(names.get(i), i);
        }
        layOut();
    }

    private void layOut() {
        Set<Double> needRoom = new HashSet<>();
        spacetime.dots().forEach(dot -> needRoom.add(dot.commit().millis()));
        spacetime.faults().forEach(bar -> needRoom.add(bar.from()));
        Map<Double, Integer> lost = new HashMap<>();
        spacetime
                .dots()
                .forEach(dot -> dot.ways().stream()
                        .filter(way -> way.arrived() == null)
                        .forEach(way -> lost.merge(dot.commit().millis(), distance(way), Math::max)));
        double y = TOP;
        @Nullable Double before = null;
        for (Double moment : spacetime.moments()) {
            if (before == null) {
                y += LEAST_BEFORE_DOT;
            } else if (moment > before) {
                double least =
                        (needRoom.contains(moment) ? LEAST_BEFORE_DOT : LEAST) + LOST * lost.getOrDefault(before, 0);
                double gap = moment - before;
                double step = Math.max(least, Math.min(MOST, gap * PIXELS_PER_MILLI));
                if (gap >= PAUSE) {
                    pauses.put(y + step / 2, gap);
                }
                y += step;
            }
            heights.put(moment, y);
            before = moment;
        }
        bottom = y + 30 + LOST * (before == null ? 0 : lost.getOrDefault(before, 0));
    }

    private int distance(Way way) {
        return Math.abs(lanes.getOrDefault(way.to(), 0) - lanes.getOrDefault(way.from(), 0));
    }

    private double x(String node) {
        return AXIS + SIDE + lanes.getOrDefault(node, 0) * LANE;
    }

    private double y(double moment) {
        Map.Entry<Double, Double> found = heights.floorEntry(moment);
        return found == null ? TOP : found.getValue();
    }

    String draw(String title) {
        Svg svg = new Svg();
        double width = AXIS + SIDE + (lanes.size() - 1) * LANE + 190;
        spacetime.lanes().forEach(node -> lane(svg, node));
        pauses.forEach((y, gap) -> svg.text(AXIS - 12, y + 4, "pause", "⋮ " + labels.millis(gap)));
        spacetime.faults().forEach(bar -> bar(svg, bar));
        spacetime.dots().forEach(dot -> dot.ways().forEach(way -> way(svg, dot, way)));
        spacetime.dots().forEach(dot -> dot.ways().forEach(way -> delay(svg, way)));
        spacetime.dots().forEach(dot -> dot(svg, dot));
        return svg.picture(
                "spacetime",
                width,
                bottom + 14,
                title,
                labels.get("spacetime.description", spacetime.dots().size(), lanes.size()));
    }

    private void lane(Svg svg, String node) {
        double x = x(node);
        svg.add("line", "class", "lane", "x1", x, "y1", TOP, "x2", x, "y2", bottom);
        svg.add("rect", "class", "plate", "x", x - 34, "y", 12, "width", 68, "height", 28, "rx", 7);
        svg.text(x, 31, "lanename", node);
    }

    private void bar(Svg svg, Bar bar) {
        if (!lanes.containsKey(bar.node())) {
            return;
        }
        double x = x(bar.node());
        double from = y(bar.from());
        double to = Math.max(from + 6, y(bar.to()));
        svg.group("fault", bar.what() + ", " + labels.since(spacetime.sinceStart(bar.from())));
        svg.add(
                "rect",
                "class",
                bar.lasts() ? "bar" : "tick",
                "x",
                x - 7,
                "y",
                from,
                "width",
                14,
                "height",
                bar.lasts() ? to - from : 6,
                "rx",
                2);
        svg.text(x + 13, from - 2, "faultname", "! " + TopologyPicture.shorten(bar.what(), 26));
        svg.end();
    }

    private void way(Svg svg, Dot dot, Way way) {
        double x1 = x(way.from());
        double y1 = y(way.left());
        double x2 = x(way.to());
        Double arrived = way.arrived();
        String what = Spacetime.caption(dot) + ", " + way.from() + " → " + way.to() + ": ";
        if (arrived == null) {
            svg.group("way lost", what + labels.get("spacetime.lost"));
            double endX = x1 + (x2 - x1) * 0.55;
            double endY = y1 + 3 + LOST * distance(way);
            svg.add("line", "class", "line", "x1", x1, "y1", y1, "x2", endX, "y2", endY);
            svg.text(endX, endY + 5, "cross", "✗");
            svg.text(endX + 9, endY + 4, "lostname", labels.get("spacetime.lost"));
        } else {
            String delay = said(way);
            double y2 = y(arrived);
            svg.group(way.copied() ? "way copied" : way.physical() ? "way physical" : "way", what + delay);
            svg.add("line", "class", "line", "x1", x1, "y1", y1, "x2", x2, "y2", y2);
            svg.head("head", x1, y1, x2, y2);
        }
        svg.end();
    }

    /** Beyond the lane where it arrives, where no arrow of its own can cross it. */
    private void delay(Svg svg, Way way) {
        Double arrived = way.arrived();
        if (arrived != null) {
            boolean fromLeft = x(way.from()) < x(way.to());
            double x = x(way.to()) + (fromLeft ? 9 : -9);
            svg.text(x, y(arrived) + 4, fromLeft ? "delay" : "delay before", said(way));
        }
    }

    private void dot(Svg svg, Dot dot) {
        double x = x(dot.commit().node());
        double y = y(dot.commit().millis());
        svg.text(
                AXIS - 12,
                y + 4,
                "moment",
                labels.since(spacetime.sinceStart(dot.commit().millis())));
        svg.group("commit", TopologyPicture.shorten(spacetime.statement(dot), 300));
        svg.add("circle", "class", "dot", "cx", x, "cy", y, "r", 5.5);
        svg.text(x + 10, y - 15, "what", TopologyPicture.shorten(Spacetime.caption(dot), 24));
        svg.text(x + 10, y - 4, "lsn", dot.commit().event().lsn());
        svg.end();
    }

    private String said(Way way) {
        Double arrived = way.arrived();
        return arrived == null
                ? labels.get("spacetime.lost")
                : way.copied()
                        ? labels.get(way.physical() ? "spacetime.backup" : "spacetime.copied")
                        : labels.millis(arrived - way.left());
    }

    /** The same for Markdown, as a sequence. */
    String mermaid() {
        StringBuilder chart = new StringBuilder("sequenceDiagram\n");
        spacetime
                .lanes()
                .forEach(node -> chart.append("    participant ")
                        .append(MermaidText.id(node))
                        .append(" as ")
                        .append(MermaidText.text(node))
                        .append('\n'));
        NavigableMap<Double, StringBuilder> lines = new TreeMap<>();
        for (Dot dot : spacetime.dots()) {
            StringBuilder line = lines.computeIfAbsent(dot.commit().millis(), moment -> new StringBuilder());
            line.append("    Note over ")
                    .append(MermaidText.id(dot.commit().node()))
                    .append(": ")
                    .append(MermaidText.text(Spacetime.caption(dot)))
                    .append("<br/>")
                    .append(MermaidText.text(dot.commit().event().lsn()))
                    .append('\n');
            for (Way way : dot.ways()) {
                Double arrived = way.arrived();
                line.append("    ")
                        .append(MermaidText.id(way.from()))
                        .append(arrived == null ? "-x" : way.physical() ? "-->>" : "->>");
                line.append(MermaidText.id(way.to())).append(": ");
                line.append(MermaidText.text(said(way)));
                line.append('\n');
            }
        }
        for (Bar bar : spacetime.faults()) {
            if (lanes.containsKey(bar.node())) {
                lines.computeIfAbsent(bar.from(), moment -> new StringBuilder())
                        .append("    Note over ")
                        .append(MermaidText.id(bar.node()))
                        .append(": ! ")
                        .append(MermaidText.text(bar.what()))
                        .append('\n');
            }
        }
        lines.values().forEach(chart::append);
        return chart.toString();
    }
}
