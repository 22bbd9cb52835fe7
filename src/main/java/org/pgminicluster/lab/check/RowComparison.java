package org.pgminicluster.lab.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.pgminicluster.script.Sql;
import org.pgminicluster.session.Session;

/**
 * How the rows of a copy compare with those of the table that it is of. A great table is compared by the rows at both ends
 * of its key and by no others.
 *
 * @param compared how many rows of the original were looked at
 * @param missing how many of those the copy does not have
 * @param extra how many of the copy's the original does not have
 * @param whole whether all rows were looked at
 */
record RowComparison(int compared, int missing, int extra, boolean whole) {

    private static final int ENDS = 500;
    /** A small table may have many rows all the same. */
    static final int MOST = 50_000;

    boolean isEqual() {
        return missing == 0 && extra == 0;
    }

    /**
     * The rows of a table, each by its hash.
     *
     * @param columns those that both have
     * @param whole whether it is small enough to be read to its end
     */
    static List<String> rows(Session session, TableFacts table, List<String> columns, boolean whole) {
        String row = "SELECT md5(ROW(" + identifiers(columns) + ")::text) FROM " + table.sql();
        if (whole) {
            return session.query(row + " LIMIT " + MOST).texts();
        }
        if (table.key().isEmpty()) {
            return List.of();
        }
        List<String> rows = new ArrayList<>();
        for (String direction : List.of("ASC", "DESC")) {
            String order = table.key().stream()
                    .map(name -> Sql.identifier(name) + " " + direction)
                    .collect(Collectors.joining(", "));
            rows.addAll(
                    session.query(row + " ORDER BY " + order + " LIMIT " + ENDS).texts());
        }
        return rows;
    }

    static RowComparison of(List<String> original, List<String> copy, boolean whole) {
        Map<String, Integer> left = new HashMap<>();
        original.forEach(row -> left.merge(row, 1, Integer::sum));
        int extra = 0;
        for (String row : copy) {
            int count = left.getOrDefault(row, 0);
            if (count == 0) {
                extra++;
            } else {
                left.put(row, count - 1);
            }
        }
        return new RowComparison(
                original.size(),
                left.values().stream().mapToInt(Integer::intValue).sum(),
                extra,
                whole);
    }

    private static String identifiers(List<String> columns) {
        return columns.stream().map(Sql::identifier).collect(Collectors.joining(", "));
    }
}
