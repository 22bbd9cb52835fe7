package org.pgminicluster.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Bars and curves as SVG; their colours are the page's. */
final class Pictures {

    private static final int WIDTH = 760;
    private static final int NAMES = 250;
    private static final int FIGURES = 90;
    private static final int LINE = 28;
    private static final int TOP = 34;

    private static final int HEIGHT = 300;
    private static final int LEFT = 70;
    private static final int RIGHT = 230;
    private static final int BOTTOM = 44;
    private static final int COLOURS = 6;
    private static final int MOST_LINES = 8;
    private static final double BASE = 10;
    private static final double NEARLY = 1e-9;

    private Pictures() {}

    static String bars(Block.Bars bars) {
        StringBuilder svg = new StringBuilder();
        text(svg, 0, 18, "title", bars.title() + ", " + bars.unit());
        double scale = (WIDTH - NAMES - FIGURES) / bars.greatest();
        double y = TOP;
        for (Block.Bar bar : bars.bars()) {
            double length = Math.max(2, bar.value() * scale);
            text(svg, 0, y + 15, "", bar.name());
            svg.append("<rect class=\"%s\" x=\"%d\" y=\"%s\" width=\"%s\" height=\"20\" rx=\"3\"/>%n"
                    .formatted(bar.ours() ? "ours" : "other", NAMES, number(y), number(length)));
            text(svg, NAMES + length + 8, y + 15, "", Figures.shown(bar.value()));
            y += LINE;
        }
        return picture(svg, y + 4, bars.title());
    }

    static String curves(Block.Curves curves) {
        Scale x = Scale.of(curves, Block.Curve::sizes, LEFT, WIDTH - RIGHT);
        Scale y = Scale.of(curves, Block.Curve::values, HEIGHT - BOTTOM, TOP).rounded();
        StringBuilder svg = new StringBuilder();
        text(svg, 0, 18, "title", curves.title());
        grid(svg, x, y);
        text(svg, LEFT, HEIGHT - 4, "soft", curves.by() + " (dashed: what linear growth would be)");
        double size = curves.curves().get(0).sizes().get(0);
        for (int i = 0; i < curves.curves().size(); i++) {
            Block.Curve curve = curves.curves().get(i);
            String colour = "var(--c" + i % COLOURS + ")";
            StringBuilder points = new StringBuilder();
            for (int j = 0; j < curve.sizes().size(); j++) {
                String atX = number(x.at(curve.sizes().get(j)));
                String atY = number(y.at(curve.values().get(j)));
                points.append(atX).append(',').append(atY).append(' ');
                svg.append("<circle cx=\"%s\" cy=\"%s\" r=\"3.5\" style=\"fill:%s\"/>%n".formatted(atX, atY, colour));
            }
            svg.append("<polyline class=\"curve\" style=\"stroke:%s\" points=\"%s\"/>%n"
                    .formatted(colour, points.toString().strip()));
            linear(svg, x, y, size, curve);
            double top = TOP + 8 + i * 22;
            svg.append("<rect x=\"%d\" y=\"%s\" width=\"14\" height=\"4\" style=\"fill:%s\"/>%n"
                    .formatted(WIDTH - RIGHT + 24, number(top), colour));
            text(svg, WIDTH - RIGHT + 46, top + 7, "", curve.name());
        }
        return picture(svg, HEIGHT, curves.title());
    }

    /** From a curve's first point on, as far as there is room. */
    private static void linear(StringBuilder svg, Scale x, Scale y, double size, Block.Curve curve) {
        double first = curve.values().get(0);
        double most = Math.min(x.greatest() / size, y.greatest() / first);
        if (most > 1) {
            svg.append("<path class=\"linear\" d=\"M%s %sL%s %s\"/>%n"
                    .formatted(
                            number(x.at(size)),
                            number(y.at(first)),
                            number(x.at(size * most)),
                            number(y.at(first * most))));
        }
    }

    private static void grid(StringBuilder svg, Scale x, Scale y) {
        for (double value : y.grid()) {
            line(svg, LEFT, y.at(value), WIDTH - RIGHT, y.at(value));
            text(svg, 0, y.at(value) + 4, "soft", Figures.shown(value));
        }
        for (double value : x.sizes()) {
            line(svg, x.at(value), TOP, x.at(value), HEIGHT - BOTTOM);
            text(svg, x.at(value) - 6, HEIGHT - BOTTOM + 17, "soft", Figures.count(Math.round(value)));
        }
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append("<path class=\"grid\" d=\"M%s %sL%s %s\"/>%n"
                .formatted(number(x1), number(y1), number(x2), number(y2)));
    }

    private static void text(StringBuilder svg, double x, double y, String style, String text) {
        svg.append("<text x=\"%s\" y=\"%s\" class=\"%s\">%s</text>%n"
                .formatted(number(x), number(y), style, HtmlPage.escape(text)));
    }

    private static String picture(StringBuilder content, double height, String title) {
        return "<svg role=\"img\" viewBox=\"0 0 %d %s\">%n<title>%s</title>%n%s</svg>"
                .formatted(WIDTH, number(height), HtmlPage.escape(title), content);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** Where a value is between two edges, on a logarithmic scale. */
    private record Scale(List<Double> sizes, double least, double greatest, double from, double to) {

        static Scale of(Block.Curves curves, Function<Block.Curve, List<Double>> values, double from, double to) {
            List<Double> all = curves.curves().stream()
                    .flatMap(curve -> values.apply(curve).stream())
                    .sorted()
                    .distinct()
                    .toList();
            double least = all.get(0);
            return new Scale(all, least, Math.max(all.get(all.size() - 1), least * 1.01), from, to);
        }

        /** With round figures at both edges. */
        Scale rounded() {
            List<Double> round = round(least / BASE, greatest * BASE);
            double below = round.stream().filter(it -> it <= least).reduce(least, (first, second) -> second);
            double above =
                    round.stream().filter(it -> it >= greatest).findFirst().orElse(greatest);
            return new Scale(sizes, below, above, from, to);
        }

        double at(double value) {
            return from + (to - from) * Math.log(value / least) / Math.log(greatest / least);
        }

        /** What a grid is drawn at: not too many lines. */
        List<Double> grid() {
            List<Double> all = round(least, greatest);
            List<Double> powers = all.stream()
                    .filter(it -> Math.abs(Math.log10(it) - Math.rint(Math.log10(it))) < NEARLY)
                    .toList();
            return all.size() <= MOST_LINES ? all : powers;
        }

        /** 1, 2, 5, 10, 20, 50 and so on, as far as they lie between these. */
        private static List<Double> round(double from, double to) {
            List<Double> round = new ArrayList<>();
            for (int power = (int) Math.floor(Math.log10(from)); power <= Math.log10(to); power++) {
                for (int digit : List.of(1, 2, 5)) {
                    double value = digit * Math.pow(BASE, power);
                    if (value >= from * (1 - NEARLY) && value <= to * (1 + NEARLY)) {
                        round.add(value);
                    }
                }
            }
            return round;
        }
    }
}
