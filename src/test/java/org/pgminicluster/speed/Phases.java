package org.pgminicluster.speed;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a scenario took, in ms.
 *
 * @param start from nothing to servers with everything set up
 * @param converge from the first write to equal rows on all nodes
 * @param close until nothing is left
 */
record Phases(double start, double converge, double close) {

    double total() {
        return start + converge + close;
    }

    /** Each phase for itself: the medians need not belong to one run. */
    static Phases median(List<Phases> runs) {
        return new Phases(median(runs, Phases::start), median(runs, Phases::converge), median(runs, Phases::close));
    }

    static double medianTotal(List<Phases> runs) {
        return median(runs, Phases::total);
    }

    private static double median(List<Phases> runs, ToDoubleFunction<Phases> phase) {
        return Figures.median(runs.stream().mapToDouble(phase).boxed().toList());
    }

    /** From three moments and a fourth, of {@link System#nanoTime()}. */
    static Phases between(long begun, long started, long converged, long closed) {
        return new Phases((started - begun) / 1e6, (converged - started) / 1e6, (closed - converged) / 1e6);
    }

    @Override
    public String toString() {
        return "%s ms: start and set up %s, converge %s, close %s"
                .formatted(Figures.shown(total()), Figures.shown(start), Figures.shown(converge), Figures.shown(close));
    }
}
