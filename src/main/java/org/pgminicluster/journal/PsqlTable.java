package org.pgminicluster.journal;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Prints a result as psql's aligned format does, but without blanks at the ends of lines. Which columns are numbers,
 * and go to the right, psql knows by their types; here it is told by the values.
 *
 * @see <a href="https://www.postgresql.org/docs/13/app-psql.html">psql</a>
 */
final class PsqlTable {

    /** A value as it is shown: one or many lines. */
    private record Cell(List<String> lines) {
        static Cell of(@Nullable String value) {
            return new Cell(DisplayText.lines(value == null ? "" : value));
        }

        int width() {
            return lines.stream().mapToInt(DisplayText::width).max().orElse(0);
        }
    }

    private final Rows rows;
    private final List<Integer> widths;
    private final List<Boolean> numbers;

    PsqlTable(Rows rows) {
        this.rows = rows;
        this.widths = columns().mapToObj(this::widest).toList();
        this.numbers = columns().mapToObj(this::isNumber).toList();
    }

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        lines.addAll(lines(rows.columns().stream().map(Cell::of).toList(), true));
        lines.add(widths.stream().map(width -> "-".repeat(width + 2)).collect(Collectors.joining("+")));
        for (Row row : rows.values()) {
            lines.addAll(lines(row.values().stream().map(Cell::of).toList(), false));
        }
        lines.add("(" + rows.size() + (rows.size() == 1 ? " row)" : " rows)"));
        return String.join("\n", lines);
    }

    private IntStream columns() {
        return IntStream.range(0, rows.columns().size());
    }

    private int widest(int column) {
        int widest = rows.values().stream()
                .mapToInt(row -> Cell.of(row.get(column)).width())
                .max()
                .orElse(0);
        return Math.max(widest, Cell.of(rows.columns().get(column)).width());
    }

    private boolean isNumber(int column) {
        List<String> values = rows.values().stream()
                .map(row -> row.get(column))
                .filter(Objects::nonNull)
                .toList();
        return !values.isEmpty() && values.stream().allMatch(Row::isNumber);
    }

    private List<String> lines(List<Cell> cells, boolean header) {
        int height = cells.stream().mapToInt(cell -> cell.lines().size()).max().orElse(1);
        return IntStream.range(0, height)
                .mapToObj(line -> columns()
                        .mapToObj(column -> part(cells.get(column).lines(), line, column, header))
                        .collect(Collectors.joining("|"))
                        .stripTrailing())
                .toList();
    }

    private String part(List<String> lines, int line, int column, boolean header) {
        String text = line < lines.size() ? lines.get(line) : "";
        int room = widths.get(column) - DisplayText.width(text);
        int before = header ? room / 2 : numbers.get(column) ? room : 0;
        String goesOn = line < lines.size() - 1 ? "+" : " ";
        return " " + " ".repeat(before) + text + " ".repeat(room - before) + goesOn;
    }
}
