package org.pgminicluster.runtime;

import java.util.List;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.script.Sql;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.TableName;

/** One table on one node. */
@API(status = API.Status.MAINTAINED)
public final class NodeTable {

    private static final String UNDEFINED_TABLE = "42P01";

    private final Member node;
    private final TableName name;
    private final boolean quiet;

    public NodeTable(Member node, TableName name, boolean quiet) {
        this.node = node;
        this.name = name;
        this.quiet = quiet;
    }

    /** The same table, read without a trace in the journal: for looks that are no part of the story. */
    public NodeTable quietly() {
        return new NodeTable(node, name, true);
    }

    private Rows read(String sql) {
        return quiet ? node.look(sql) : node.query(sql);
    }

    public Member node() {
        return node;
    }

    public TableName name() {
        return name;
    }

    /** All rows, ordered by their values from left to right. */
    public Rows rows() {
        return rows(columns());
    }

    /** These columns of all rows, ordered by them from left to right, numbers as numbers. */
    public Rows rows(List<String> columns) {
        String list = columns.stream().map(Sql::identifier).collect(Collectors.joining(", "));
        Rows rows;
        try {
            rows = read("SELECT " + list + " FROM " + Sql.table(name));
        } catch (SqlFailedException e) {
            throw UNDEFINED_TABLE.equals(e.sqlState()) ? missing(e) : e;
        }
        // Sorted on this side, since not every type has an order on the server.
        return new Rows(rows.columns(), rows.values().stream().sorted().toList());
    }

    /** How many rows there are. */
    public long count() {
        return read("SELECT count(*) FROM " + Sql.table(name)).number();
    }

    /** An MD5 over the given columns of all rows in order: equal on two nodes exactly if the rows are. */
    public String checksum() {
        // By name, so that another column order on another node makes no difference.
        String list = columns().stream().sorted().map(Sql::identifier).collect(Collectors.joining(", "));
        return String.valueOf(read("SELECT md5(coalesce(string_agg(t, E'\\n' ORDER BY t COLLATE \"C\"), ''))"
                        + " FROM (SELECT ROW(" + list + ")::text AS t FROM " + Sql.table(name) + ") AS r")
                .value());
    }

    /**
     * The names of the table's columns in their order.
     *
     * @throws MiniClusterException if there is no such table
     */
    public List<String> columns() {
        List<String> columns = node.look(
                        "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?) AND attnum > 0 AND NOT"
                                + " attisdropped ORDER BY attnum",
                        Sql.table(name))
                .texts();
        if (columns.isEmpty() && !node.hasRelation(Sql.table(name))) {
            throw missing(null);
        }
        return columns;
    }

    private MiniClusterException missing(@Nullable Throwable cause) {
        return new MiniClusterException(
                "expected " + node.name() + " to have table \"" + name + "\" in database \"" + node.database()
                        + "\", but has none; create it there too",
                cause);
    }

    @Override
    public String toString() {
        return name + " on " + node.name();
    }
}
