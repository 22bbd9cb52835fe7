package org.pgminicluster.speed;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** What the page tells of growth: a table and curves for each series. */
final class GrowthText {

    private GrowthText() {}

    static List<Block> of(JsonNode figures) {
        List<Block> blocks = new ArrayList<>();
        if (figures.path("growth").isEmpty()) {
            return blocks;
        }
        blocks.add(new Block.Heading(2, "Growth"));
        blocks.add(
                new Block.Text("The exponent is that of growth from the size before: 1 is linear, 2 is quadratic. What"
                        + " grows with an exponent above " + Figures.shown(Series.LINEAR) + " is named."));
        figures.path("growth").forEach(series -> series(series, blocks));
        return blocks;
    }

    private static void series(JsonNode series, List<Block> blocks) {
        String by = series.path("by").asText();
        List<String> names = names(series);
        blocks.add(new Block.Heading(3, series.path("name").asText()));
        blocks.add(new Block.Text(verdict(series.path("verdict").asText())));
        List<String> head = new ArrayList<>(List.of(by));
        head.addAll(names);
        List<List<String>> rows = new ArrayList<>();
        series.path("points").forEach(point -> rows.add(row(series, point, names)));
        blocks.add(new Block.Table(head, rows));
        if (rows.size() > 1) {
            curves(series, by, names, blocks);
        }
    }

    private static String verdict(String text) {
        String sentence = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + ".";
        return text.startsWith("worse") ? "**" + sentence + "**" : sentence;
    }

    private static List<String> names(JsonNode series) {
        Set<String> names = new LinkedHashSet<>();
        series.path("points")
                .forEach(point -> point.path("figures").fieldNames().forEachRemaining(names::add));
        return List.copyOf(names);
    }

    private static List<String> row(JsonNode series, JsonNode point, List<String> names) {
        List<String> row =
                new ArrayList<>(List.of(Figures.count(point.path("size").asInt())));
        for (String name : names) {
            row.add(Figures.shown(point.path("figures").path(name).asDouble())
                    + exponent(series, point.path("size").asInt(), name));
        }
        return row;
    }

    private static String exponent(JsonNode series, int size, String name) {
        for (JsonNode exponent : series.path("exponents")) {
            if (exponent.path("to").asInt() == size
                    && exponent.path("figure").asText().equals(name)) {
                return String.format(
                        Locale.ROOT, " (%.2f)", exponent.path("exponent").asDouble());
            }
        }
        return "";
    }

    /** Of times alone: a picture has one unit. */
    private static void curves(JsonNode series, String by, List<String> names, List<Block> blocks) {
        List<Block.Curve> curves = new ArrayList<>();
        for (String name : names) {
            List<Double> sizes = new ArrayList<>();
            List<Double> values = new ArrayList<>();
            for (JsonNode point : series.path("points")) {
                double value = point.path("figures").path(name).asDouble();
                // A logarithmic scale has no place for less.
                if (value > 0) {
                    sizes.add(point.path("size").asDouble());
                    values.add(value);
                }
            }
            if (name.endsWith(" ms") && values.size() > 1) {
                curves.add(new Block.Curve(name, sizes, values));
            }
        }
        if (!curves.isEmpty()) {
            blocks.add(new Block.Curves(series.path("name").asText() + ", ms", by, curves));
        }
    }
}
