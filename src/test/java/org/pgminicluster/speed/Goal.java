package org.pgminicluster.speed;

import java.util.List;

/**
 * What is to be reached on two cores.
 *
 * @param what in words
 * @param pointer where it stands in bench.json
 * @param bound the figure that is the goal
 * @param atLeast whether more is better
 * @param unit of the figure, with its space
 */
record Goal(String what, String pointer, double bound, boolean atLeast, String unit) {

    static final List<Goal> ALL = List.of(
            new Goal("containers, times faster than plain Testcontainers", "/container/ratio", 10, true, ""),
            new Goal("processes, times faster than plain Testcontainers", "/process/ratio", 20, true, ""),
            new Goal("three nodes as processes, CPU-seconds", "/process/cpuSeconds", 0.6, false, " s"),
            new Goal(
                    "databases of a test's own, processes",
                    "/isolation/process/freshDatabasesMillis",
                    100,
                    false,
                    " ms"),
            new Goal("a wait for rows returns after they have converged", "/detectOverheadMillis", 5, false, " ms"),
            new Goal("the greatest node", "/limits/greatestNodeMiB", GrowthPart.MOST_OF_A_NODE, false, " MiB"),
            new Goal(
                    "the JVM's part of a cluster, containers",
                    "/container/jvmMiB",
                    GrowthPart.MOST_OF_THE_JVM,
                    false,
                    " MiB"),
            new Goal(
                    "the JVM's part of a cluster, processes",
                    "/process/jvmMiB",
                    GrowthPart.MOST_OF_THE_JVM,
                    false,
                    " MiB"),
            new Goal("series that grow faster than linearly", "/limits/worseThanLinear", 0, false, ""));

    boolean isReached(double value) {
        return atLeast ? value >= bound : value <= bound;
    }

    String limit() {
        return (atLeast ? "at least " : "at most ") + number(bound) + unit;
    }

    private static String number(double value) {
        return value == Math.rint(value) ? Figures.count(Math.round(value)) : Double.toString(value);
    }
}
