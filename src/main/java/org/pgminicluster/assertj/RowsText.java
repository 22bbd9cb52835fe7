package org.pgminicluster.assertj;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.pgminicluster.journal.Row;

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
    static String lines(List<Row> rows) {
        if (rows.isEmpty()) {
            return "\n    none";
        }
        String lines = rows.stream().limit(SHOWN).map(row -> "\n    " + row).collect(Collectors.joining());
        return rows.size() > SHOWN ? lines + "\n    and " + (rows.size() - SHOWN) + " more" : lines;
    }

    /** The rows under a heading, or nothing if there are none. */
    static String under(String heading, List<Row> rows) {
        return rows.isEmpty() ? "" : "\n" + heading + lines(rows);
    }

    static String count(long rows) {
        return rows + (rows == 1 ? " row" : " rows");
    }
}
