package org.pgminicluster.cli;

import java.util.List;
import org.pgminicluster.journal.Row;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.runtime.NodeTable;
import org.pgminicluster.script.Sql;
import org.pgminicluster.topology.TableName;

/**
 * A table of what was restored beside the same table of a node as it is now.
 *
 * @param rows how many were restored
 * @param rowsNow how many the node has now; -1 if it has no such table
 * @param same whether all rows are the same
 */
record RowsCompared(String database, String table, long rows, long rowsNow, boolean same) {

    private static final String TABLES =
            "SELECT nspname, relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
                    + " WHERE relkind = 'r' AND nspname !~ '^pg_' AND nspname <> 'information_schema'"
                    + " ORDER BY nspname::text COLLATE \"C\", relname::text COLLATE \"C\"";

    private static final String DATABASES =
            "SELECT datname FROM pg_database WHERE datallowconn AND NOT datistemplate ORDER BY datname::text COLLATE \"C\"";

    /** The databases of a node that people may have made. */
    static List<String> databases(Member of) {
        return of.look(DATABASES).texts();
    }

    /** All tables of a database, beside a database that the other node may have or not. */
    static List<RowsCompared> of(Member restored, Member now) {
        boolean there = databases(now.in(now.runtime().topology().database())).contains(now.database());
        return restored.look(TABLES).values().stream()
                .map(row -> table(row, restored, now, there))
                .toList();
    }

    private static RowsCompared table(Row row, Member restored, Member now, boolean there) {
        TableName name = new TableName(row.text(0), row.text(1));
        NodeTable copy = new NodeTable(restored, name, true);
        NodeTable table = new NodeTable(now, name, true);
        if (!there || !now.hasRelation(Sql.table(name))) {
            return new RowsCompared(restored.database(), name.toString(), copy.count(), -1, false);
        }
        return new RowsCompared(
                restored.database(),
                name.toString(),
                copy.count(),
                table.count(),
                copy.checksum().equals(table.checksum()));
    }

    /** As people read it. */
    static List<String> lines(List<RowsCompared> compared, String restored, String now, int width) {
        boolean several =
                compared.stream().map(RowsCompared::database).distinct().count() > 1;
        TextTable table = new TextTable("Table", "Rows in " + restored, "on " + now + " now", "");
        compared.forEach(each -> table.row(
                several ? each.database() + ": " + each.table() : each.table(),
                Long.toString(each.rows()),
                each.rowsNow() < 0 ? "no such table" : Long.toString(each.rowsNow()),
                each.same() ? "the same rows" : each.rowsNow() < 0 ? "" : "other rows"));
        return table.lines(width);
    }
}
