package org.pgminicluster.lab.check;

import java.util.List;
import org.pgminicluster.script.Sql;
import org.pgminicluster.topology.TableName;

/**
 * A table.
 *
 * @param bytes how much room its rows take
 * @param rows how many there are, as the planner believes; negative if it has no idea
 * @param identified whether its rows can be told apart on subscribers, by a key or another replica identity
 */
record TableFacts(
        TableName name,
        long bytes,
        long rows,
        boolean identified,
        List<ColumnFacts> columns,
        List<TriggerFacts> triggers) {

    /** More is not read as a whole. */
    private static final long MOST_BYTES = 1 << 20;

    TableFacts {
        columns = List.copyOf(columns);
        triggers = List.copyOf(triggers);
    }

    String sql() {
        return Sql.table(name);
    }

    boolean isSmall() {
        return bytes <= MOST_BYTES;
    }

    List<String> key() {
        return columns.stream().filter(ColumnFacts::key).map(ColumnFacts::name).toList();
    }

    /** Those that have an error to raise. */
    List<TriggerFacts> guards() {
        return triggers.stream().filter(TriggerFacts::raises).toList();
    }
}
