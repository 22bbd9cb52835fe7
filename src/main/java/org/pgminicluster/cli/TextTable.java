package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Columns below their headings, two blanks apart; the last column takes what is left of the line and is folded there. */
final class TextTable {

    private static final String GAP = "  ";

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

    /** The lines, the headings first, each at most that wide if the last column can be folded so far. */
    List<String> lines(int width) {
        int last = headings.size() - 1;
        List<Integer> widths = IntStream.rangeClosed(0, last)
                .mapToObj(column -> Math.max(
                        headings.get(column).length(),
                        rows.stream()
                                .mapToInt(row -> row.get(column).length())
                                .max()
                                .orElse(0)))
                .toList();
        int before = IntStream.range(0, last)
                .map(column -> widths.get(column) + GAP.length())
                .sum();
        int room = Math.max(20, width - before);
        List<String> lines = new ArrayList<>();
        lines.add(line(headings, widths));
        for (List<String> row : rows) {
            List<String> folded = fold(row.get(last), room);
            List<String> first = new ArrayList<>(row);
            first.set(last, folded.get(0));
            lines.add(line(first, widths));
            folded.stream().skip(1).map(rest -> " ".repeat(before) + rest).forEach(lines::add);
        }
        return lines;
    }

    private static String line(List<String> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            line.append(cell).append(" ".repeat(Math.max(0, widths.get(column) - cell.length())));
            line.append(GAP);
        }
        return line.toString().stripTrailing();
    }

    /** At blanks; a word that is longer than the room stays whole, so that it can be copied. */
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
