package org.pgminicluster.assertj;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Words;

/** Rows as a person writes them down, and what two lists of them do not share. */
final class RowsText {

    private static final int SHOWN = 10;

    private RowsText() {}

    /** As bags: a row that is there twice on one side and once on the other differs once. */
    static List<Row> without(List<Row> rows, List<Row> others) {
        List<Row> left = new ArrayList<>(rows);
        others.forEach(left::remove);
        return left;
    }

    /** Each on a line of its own, the first ten of them. */
    static Words lines(List<Row> rows) {
        if (rows.isEmpty()) {
            return Words.of("lines.none");
        }
        String lines = rows.stream().limit(SHOWN).map(row -> "\n    " + row).collect(Collectors.joining());
        return rows.size() > SHOWN ? Words.of("lines.more", lines, rows.size() - SHOWN) : Words.verbatim(lines);
    }

    /** What was seen, and below it how that differs from what was expected. */
    static Words differing(Words seen, List<Row> missing, List<Row> extra) {
        Words first = missing.isEmpty() ? seen : Words.of("lines.missing", seen, lines(missing));
        return extra.isEmpty() ? first : Words.of("lines.extra", first, lines(extra));
    }

    static Words count(long rows) {
        return Words.of(rows == 1 ? "rows.one" : "rows", rows);
    }
}
