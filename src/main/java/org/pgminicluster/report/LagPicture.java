package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.pgminicluster.report.Lag.Point;
import org.pgminicluster.report.Lag.Series;
import org.pgminicluster.report.Spacetime.Bar;

/** Lag over time, bytes on a logarithmic scale; each line has a pattern and a sign of its own besides its colour. */
final class LagPicture {

    private static final double WIDTH = 720;
    private static final double HEIGHT = 270;
    private static final double LEFT = 62;
    private static final double RIGHT = 12;
    private static final double TOP = 22;
    private static final double BOTTOM = 34;
    private static final int STYLES = 6;
    private static final String[] SIGNS = {"●", "■", "▲", "◆", "▼", "○"};
    private static final String[] SPARKS = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};

    private final List<Series> series;
    private final List<Bar> faults;
    private final double start;
    private final double from;
    private final double to;
    private final double decades;
    private final List<double[]> signs = new ArrayList<>();
    private final Labels labels;

    LagPicture(List<Series> series, Run run, List<Bar> faults, Labels labels) {
        this.series = series;
        this.faults = faults;
        this.labels = labels;
        this.start = run.start();
        this.from = series.stream()
                .flatMap(it -> it.points().stream())
                .mapToDouble(Point::millis)
                .min()
                .orElse(run.start());
        this.to = Math.max(from + 1, run.end());
        this.decades = Math.max(
                2, Math.ceil(scale(series.stream().mapToLong(Series::peak).max().orElse(1))));
    }

    static String sign(int index) {
        return SIGNS[index % STYLES];
    }

    private static double scale(long bytes) {
        return Math.log10(bytes + 1.0);
    }

    private double x(double millis) {
        return LEFT + (millis - from) / (to - from) * (WIDTH - LEFT - RIGHT);
    }

    private double y(long bytes) {
        return HEIGHT - BOTTOM - scale(bytes) / decades * (HEIGHT - TOP - BOTTOM);
    }

    String draw(String title, String description) {
        Svg svg = new Svg();
        for (int decade = 0; decade <= decades; decade++) {
            long bytes = Math.round(Math.pow(10, decade));
            double y = y(bytes - 1);
            svg.add("line", "class", "grid", "x1", LEFT, "y1", y, "x2", WIDTH - RIGHT, "y2", y);
            svg.text(LEFT - 8, y + 4, "axis", labels.roundBytes(decade == 0 ? 0 : bytes));
        }
        for (int i = 0; i <= 4; i++) {
            double millis = from + (to - from) * i / 4;
            svg.text(
                    x(millis),
                    HEIGHT - 12,
                    i == 0 ? "axistime first" : i == 4 ? "axistime last" : "axistime",
                    labels.since(millis - start));
        }
        double free = 0;
        for (Bar fault : faults) {
            double left = x(Math.max(from, Math.min(to, fault.from())));
            double right = Math.max(left + 3, x(Math.min(to, fault.to())));
            String name = "! " + TopologyPicture.shorten(fault.whatAndWhere(), 26);
            svg.group("fault", fault.whatAndWhere());
            svg.add(
                    "rect",
                    "class",
                    "bar",
                    "x",
                    left,
                    "y",
                    TOP,
                    "width",
                    right - left,
                    "height",
                    HEIGHT - TOP - BOTTOM);
            double nameX = Math.min(left, WIDTH - RIGHT - 7.5 * name.length());
            // Where two would cover each other, the second has its title only.
            if (nameX >= free) {
                svg.text(nameX, TOP - 6, "faultname", name);
                free = nameX + 7.5 * name.length();
            }
            svg.end();
        }
        for (int i = 0; i < series.size(); i++) {
            line(svg, i);
        }
        return svg.picture("lag", WIDTH, HEIGHT, title, description);
    }

    /** As steps: between two looks nothing is known, and the last value held. */
    private void line(Svg svg, int index) {
        Series drawn = series.get(index);
        StringBuilder path = new StringBuilder();
        Point peak = drawn.points().stream()
                .max(Comparator.comparingLong(Point::behind))
                .orElseThrow();
        for (Point point : drawn.points()) {
            String at = Svg.number(x(point.millis()));
            path.append(path.length() == 0 ? "M" + at + " " : "H" + at + "V").append(Svg.number(y(point.behind())));
        }
        path.append('H').append(Svg.number(x(to)));
        svg.group(
                "series s" + index % STYLES,
                drawn.name() + ": " + labels.get("lag.peak") + " " + labels.bytes(drawn.peak()));
        svg.add("path", "class", "line", "d", path);
        double x = x(peak.millis());
        double y = y(peak.behind()) + 4;
        // Slots of one publisher peak together: their signs stand above each other.
        for (double[] taken : signs) {
            y = Math.abs(taken[0] - x) < 10 && Math.abs(taken[1] - y) < 10 ? taken[1] - 12 : y;
        }
        signs.add(new double[] {x, y});
        svg.text(x, y, "point", sign(index));
        svg.end();
    }

    /** A line of blocks for Markdown. */
    static String sparkline(Series series) {
        double most = Math.max(1, scale(series.peak()));
        List<Point> points = series.points();
        int parts = Math.min(24, points.size());
        List<String> blocks = new ArrayList<>();
        for (int i = 0; i < parts; i++) {
            long peak = points.subList(i * points.size() / parts, (i + 1) * points.size() / parts).stream()
                    .mapToLong(Point::behind)
                    .max()
                    .orElse(0);
            blocks.add(SPARKS[(int) Math.round(scale(peak) / most * (SPARKS.length - 1))]);
        }
        return String.join("", blocks).toLowerCase(Locale.ROOT);
    }
}
