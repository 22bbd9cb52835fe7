package org.pgminicluster.speed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * How something grows with something else.
 *
 * @param name what is measured
 * @param by what grows
 * @param points what was measured at each size, the smallest first; each figure's name ends with its unit
 */
record Series(String name, String by, List<Point> points) {

    /** What grows by a tenth more than it should is noise; by more, it is looked at. */
    static final double LINEAR = 1.2;

    /** What takes less than that, of whatever unit, is too little to tell how it grows. */
    private static final double LEAST = 20;

    private static final int REPEATS = 3;
    private static final long ENOUGH = 10_000_000_000L;

    Series {
        points = List.copyOf(points);
    }

    /** The figures at one size. */
    record Point(int size, Map<String, Double> figures) {
        Point {
            figures = new LinkedHashMap<>(figures);
        }
    }

    /** Between two neighbours. */
    record Step(String figure, int from, int to, double exponent, double reached) {
        private boolean isTooSteep() {
            return exponent > LINEAR && reached > LEAST;
        }

        @Override
        public String toString() {
            return figure + " from " + Figures.count(from) + " to " + Figures.count(to) + " (exponent "
                    + Figures.shown(exponent) + ")";
        }
    }

    interface Measurement {
        Map<String, Double> at(int size) throws Exception;
    }

    /**
     * Measures at each size: up to three times while that takes less than 10 s, and the median counts. What is measured
     * first in a JVM is slow, so the smallest size is measured once more before.
     */
    static Series measure(String name, String by, List<Integer> sizes, Measurement measurement, Results results)
            throws Exception {
        measurement.at(sizes.get(0));
        List<Point> points = new ArrayList<>();
        for (int size : sizes) {
            Map<String, List<Double>> all = new LinkedHashMap<>();
            long begun = System.nanoTime();
            for (int i = 0; i < REPEATS && (i == 0 || System.nanoTime() - begun < ENOUGH); i++) {
                measurement
                        .at(size)
                        .forEach((figure, value) -> all.computeIfAbsent(figure, it -> new ArrayList<>())
                                .add(value));
            }
            Map<String, Double> medians = new LinkedHashMap<>();
            all.forEach((figure, values) -> medians.put(figure, Figures.median(values)));
            points.add(new Point(size, medians));
            results.progress("growth, " + name + ", " + by + " " + Figures.count(size) + ": " + shown(medians));
        }
        Series series = new Series(name, by, points);
        results.progress("growth, " + name + ": " + series.verdict());
        return series;
    }

    private static String shown(Map<String, Double> figures) {
        List<String> texts = new ArrayList<>();
        figures.forEach((figure, value) -> texts.add(figure + " " + Figures.shown(value)));
        return String.join(", ", texts);
    }

    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        for (int i = 1; i < points.size(); i++) {
            Point from = points.get(i - 1);
            Point to = points.get(i);
            from.figures().forEach((figure, before) -> {
                double after = to.figures().getOrDefault(figure, 0.0);
                if (before > 0 && after > 0) {
                    double exponent = Figures.exponent(from.size(), before, to.size(), after);
                    steps.add(new Step(figure, from.size(), to.size(), exponent, after));
                }
            });
        }
        return steps;
    }

    /** What grows faster than linearly, the steepest step of each figure. */
    List<Step> worse() {
        Map<String, Step> worst = new TreeMap<>();
        steps().stream()
                .filter(Step::isTooSteep)
                .forEach(step -> worst.merge(
                        step.figure(), step, (one, other) -> one.exponent() >= other.exponent() ? one : other));
        return List.copyOf(worst.values());
    }

    String verdict() {
        return Optional.of(worse())
                .filter(worse -> !worse.isEmpty())
                .map(worse -> "worse than linear: "
                        + String.join(", ", worse.stream().map(Step::toString).toList()))
                .orElse("nothing faster than linear");
    }

    void writeTo(Results results) {
        ObjectNode node = results.array("growth").addObject();
        node.put("name", name).put("by", by).put("verdict", verdict());
        for (Point point : points) {
            ObjectNode figures = node.withArrayProperty("points").addObject().put("size", point.size());
            point.figures()
                    .forEach((figure, value) -> Results.put(figures.withObjectProperty("figures"), figure, value));
        }
        for (Step step : steps()) {
            ObjectNode exponent = node.withArrayProperty("exponents").addObject();
            exponent.put("figure", step.figure()).put("from", step.from()).put("to", step.to());
            Results.put(exponent, "exponent", step.exponent());
        }
    }
}
