package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Finds a short list that still fails, by leaving pieces out.
 *
 * @see <a href="https://www.st.cs.uni-saarland.de/papers/tse2002/">Zeller and Hildebrandt, Simplifying and Isolating
 *     Failure-Inducing Input</a>
 */
final class Ddmin {

    private Ddmin() {}

    /** Of a list that fails, one of which no single item can be left out; the order stays. */
    static <T> List<T> minimise(List<T> failing, Predicate<List<T>> fails) {
        List<T> shortest = List.copyOf(failing);
        if (!shortest.isEmpty() && fails.test(List.of())) {
            return List.of();
        }
        int pieces = 2;
        while (shortest.size() > 1 && pieces <= shortest.size()) {
            List<T> shorter = withoutAPiece(shortest, pieces, fails);
            if (shorter.size() < shortest.size()) {
                shortest = shorter;
                pieces = Math.max(2, pieces - 1);
            } else if (pieces == shortest.size()) {
                break;
            } else {
                pieces = Math.min(shortest.size(), 2 * pieces);
            }
        }
        return shortest;
    }

    private static <T> List<T> withoutAPiece(List<T> all, int pieces, Predicate<List<T>> fails) {
        for (int piece = 0; piece < pieces; piece++) {
            int from = piece * all.size() / pieces;
            int to = (piece + 1) * all.size() / pieces;
            List<T> rest = new ArrayList<>(all.subList(0, from));
            rest.addAll(all.subList(to, all.size()));
            if (fails.test(List.copyOf(rest))) {
                return List.copyOf(rest);
            }
        }
        return all;
    }
}
