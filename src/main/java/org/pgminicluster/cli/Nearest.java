package org.pgminicluster.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Finds the names that somebody who mistyped may have meant. */
final class Nearest {

    private static final int MOST = 3;

    /** More than there are commands. */
    private static final int LISTED = 20;

    private Nearest() {}

    /** The known names that are near, the nearest first; none if nothing is. */
    static List<String> to(String typed, Collection<String> known) {
        return known.stream()
                .filter(name -> distance(typed, name) <= Math.max(1, Math.max(typed.length(), name.length()) / 3)
                        || (!typed.isEmpty() && lower(name).contains(lower(typed))))
                .sorted(Comparator.<String>comparingInt(name -> distance(typed, name))
                        .thenComparing(Comparator.naturalOrder()))
                .limit(MOST)
                .toList();
    }

    static CommandException unknown(String what, String typed, Collection<String> known) {
        return CommandException.usage(sentence(what, typed, known));
    }

    /** An unknown name, in one sentence: the nearest ones, or the first of all if none is near. */
    static String sentence(String what, String typed, Collection<String> known) {
        List<String> near = to(typed, known);
        String advice = near.isEmpty()
                ? "known " + (known.size() == 1 ? "is " : "are ") + listed(known)
                : "did you mean " + String.join(" or ", near) + "?";
        return "expected " + what + " to be a known one, but was \"" + typed + "\"; " + advice;
    }

    /** The first of them, and how many more there are. */
    static String listed(Collection<String> known) {
        String first = known.stream().limit(LISTED).collect(Collectors.joining(", "));
        return known.size() > LISTED ? first + " and " + (known.size() - LISTED) + " more" : first;
    }

    /** How many letters have to be put in, left out, exchanged or swapped with their neighbour. */
    static int distance(String one, String other) {
        String a = lower(one);
        String b = lower(other);
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int exchanged = cost[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                cost[i][j] = Math.min(exchanged, 1 + Math.min(cost[i - 1][j], cost[i][j - 1]));
                boolean swapped =
                        i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[a.length()][b.length()];
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
