package org.pgminicluster.speed;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;

/**
 * What is measured: the system properties {@code bench.*}.
 *
 * @param rounds {@code bench.rounds}: how often each way takes its turn
 * @param streak {@code bench.streak}: how many scenarios of ours count in each round
 * @param sizes {@code bench.sizes}: how many of the sizes of each series of growth, from the smallest on
 * @param kinds {@code bench.kinds}: what servers run in
 * @param parts {@code bench.parts}
 * @param writeDocs {@code bench.docs.write}: whether docs/performance.md is written
 */
record BenchSettings(int rounds, int streak, int sizes, Set<String> kinds, Set<String> parts, boolean writeDocs) {

    /** Measured by default, in this order. */
    static final List<String> PARTS = List.of("scenario", "isolation", "detect", "growth", "throughput");

    /** Only if asked for: ours alone, for a look before and after a change; the pages anew from the last figures. */
    static final List<String> OTHERS = List.of("quick", "page");

    private static final List<String> KINDS = List.of("container", "process");

    static BenchSettings from(Properties properties) {
        return new BenchSettings(
                number(properties, "bench.rounds", 7),
                number(properties, "bench.streak", 5),
                number(properties, "bench.sizes", 99),
                some(properties, "bench.kinds", KINDS, List.of()),
                some(properties, "bench.parts", PARTS, OTHERS),
                Boolean.parseBoolean(properties.getProperty("bench.docs.write", "false")));
    }

    boolean has(String part) {
        return parts.contains(part);
    }

    /** Those of a series' sizes that are measured. */
    <T> List<T> of(List<T> all) {
        return all.subList(0, Math.min(sizes, all.size()));
    }

    private static int number(Properties properties, String key, int otherwise) {
        String text = properties.getProperty(key, "").strip();
        if (text.isEmpty()) {
            return otherwise;
        }
        if (!text.matches("[1-9]\\d{0,5}")) {
            throw new IllegalArgumentException("expected " + key + " to be a number from 1, but was \"" + text
                    + "\"; give such a number or leave it out");
        }
        return Integer.parseInt(text);
    }

    private static Set<String> some(Properties properties, String key, List<String> all, List<String> others) {
        String text = properties.getProperty(key, "").strip();
        if (text.isEmpty()) {
            return new LinkedHashSet<>(all);
        }
        Set<String> chosen = new LinkedHashSet<>(Arrays.asList(text.split("\\s*,\\s*")));
        for (String each : chosen) {
            if (!all.contains(each) && !others.contains(each)) {
                throw new IllegalArgumentException("expected " + key + " to be some of " + String.join(", ", all)
                        + (others.isEmpty() ? "" : ", or " + String.join(", ", others)) + ", but was \"" + text
                        + "\"; separate them by commas");
            }
        }
        return chosen;
    }
}
