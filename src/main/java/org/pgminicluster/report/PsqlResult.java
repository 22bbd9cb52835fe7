package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgminicluster.report.Block.Cell;

/** A result that was recorded as psql prints it, made a table again; any other text stays as it is. */
final class PsqlResult {

    private static final Pattern RULE = Pattern.compile("-+(\\+-+)*");
    private static final Pattern COUNT = Pattern.compile("\\((\\d+) rows?\\)");

    private PsqlResult() {}

    /** A text below its heading. */
    static List<Block> below(String heading, String text) {
        Block found = block(heading, text);
        return found instanceof Block.Table
                ? List.of(found)
                : List.of(new Block.Text(Block.Tone.PLAIN, heading + ":"), found);
    }

    /** A text whose heading has been said. */
    static Block block(String text) {
        return block("", text);
    }

    private static Block block(String heading, String text) {
        List<String> lines = text.lines().map(String::stripTrailing).toList();
        List<List<String>> rows = rows(lines);
        if (rows.isEmpty()) {
            return new Block.Code("text", text);
        }
        return new Block.Table(
                heading,
                rows.get(0),
                rows.subList(1, rows.size()).stream()
                        .map(row -> row.stream().map(Cell::of).toList())
                        .toList());
    }

    /** The head and the rows; none at all if it is not what psql prints. */
    private static List<List<String>> rows(List<String> lines) {
        int last = lines.size() - 1;
        if (last < 2 || !RULE.matcher(lines.get(1)).matches()) {
            return List.of();
        }
        Matcher count = COUNT.matcher(lines.get(last));
        int columns = lines.get(1).split("\\+").length;
        if (!count.matches() || !count.group(1).equals(Integer.toString(last - 2))) {
            // A value of many lines has more of them than rows, and no cell of a table.
            return List.of();
        }
        List<List<String>> rows = new ArrayList<>();
        for (int i = 0; i < last; i++) {
            if (i != 1) {
                rows.add(Arrays.stream(lines.get(i).split("\\|", -1))
                        .map(String::strip)
                        .toList());
            }
        }
        return rows.stream().allMatch(row -> row.size() == columns) ? rows : List.of();
    }
}
