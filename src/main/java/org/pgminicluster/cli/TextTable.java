package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Columns below their headings, two blanks apart. What is wider than the terminal is folded at blanks within its column,
 * the last first; a word that is longer than the room stays whole, so that it can be copied.
 */
final class TextTable {

    private static final String GAP = "  ";
    private static final int NARROWEST = 8;
    private static final int ROOM = 20;

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... headings) {
        this.headings = List.of(headings);
    }

    TextTable row(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException("expected " + headings.size() + " cells, but was " + cells.length);
        }
        rows.add(List.of(cells));
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /** The lines, the headings first, each at most that wide if the words in them allow it. */
    List<String> lines(int width) {
        int[] widths = widths(width);
        List<String> lines = new ArrayList<>(lines(headings, widths));
        rows.forEach(row -> lines.addAll(lines(row, widths)));
        return lines;
    }

    private int[] widths(int most) {
        int[] widths = new int[headings.size()];
        int[] least = new int[widths.length];
        for (int column = 0; column < widths.length; column++) {
            for (String cell : column(column)) {
                widths[column] = Math.max(widths[column], cell.length());
                for (String word : cell.split(" ")) {
                    least[column] =
                            Math.max(least[column], Math.max(word.length(), Math.min(NARROWEST, cell.length())));
                }
            }
        }
        int last = widths.length - 1;
        int excess = Arrays.stream(widths).sum() + GAP.length() * last - most;
        // The last one is the easiest to read when it is folded.
        for (; excess > 0 && widths[last] > Math.max(least[last], ROOM); excess--) {
            widths[last]--;
        }
        for (; excess > 0; excess--) {
            int widest = IntStream.rangeClosed(0, last)
                    .filter(column -> widths[column] > least[column])
                    .reduce(-1, (best, column) -> best < 0 || widths[column] >= widths[best] ? column : best);
            if (widest < 0) {
                break;
            }
            widths[widest]--;
        }
        return widths;
    }

    private List<String> column(int column) {
        List<String> cells = new ArrayList<>(List.of(headings.get(column)));
        rows.forEach(row -> cells.add(row.get(column)));
        return cells;
    }

    private static List<String> lines(List<String> cells, int[] widths) {
        List<List<String>> folded = new ArrayList<>();
        int height = 1;
        for (int column = 0; column < cells.size(); column++) {
            folded.add(fold(cells.get(column), widths[column]));
            height = Math.max(height, folded.get(column).size());
        }
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < height; i++) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < cells.size(); column++) {
                List<String> parts = folded.get(column);
                String part = i < parts.size() ? parts.get(i) : "";
                line.append(part).append(" ".repeat(Math.max(0, widths[column] - part.length())));
                line.append(GAP);
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /** At blanks. */
    static List<String> fold(String text, int room) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (line.length() > 0 && line.length() + 1 + word.length() > room) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.length() == 0 ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
