package org.pgminicluster.history;

import java.util.List;
import org.apiguardian.api.API;
import org.pgminicluster.script.Sql;
import org.pgminicluster.topology.TableName;

/**
 * What is written at one place and travels together: some tables, and with them a counter row that every transaction takes,
 * and a canary table without a key. The counter's row lock is held to the end of the commit, so the counter's order is the
 * order of commits, without holes; a row that is applied twice is there twice, since no key keeps it out.
 *
 * @param id how plans and histories call it: by its place, with a number if there are more of them there
 * @param place where it is written: a node, or node/database if that is not the topology's own
 * @param counter the table with the counter row
 * @param canary the table without a key, which has two rows for each transaction
 * @param counted whether the counter travels, too: not if updates are not published
 * @param tables the topology's own tables that are written with it
 */
@API(status = API.Status.EXPERIMENTAL)
public record Ledger(
        String id, String place, TableName counter, TableName canary, boolean counted, List<String> tables) {

    public Ledger {
        tables = List.copyOf(tables);
    }

    Ledger writing(List<String> names) {
        return new Ledger(id, place, counter, canary, counted, names);
    }

    /** The statements that make its tables. */
    String schema(boolean withCounterRow) {
        String sql = """
                CREATE TABLE %1$s (one integer PRIMARY KEY DEFAULT 1, n bigint NOT NULL);
                CREATE TABLE %2$s (seq bigint NOT NULL, part integer NOT NULL, op integer NOT NULL);
                """.formatted(Sql.table(counter), Sql.table(canary));
        return withCounterRow ? sql + "INSERT INTO %s VALUES (1, 0);\n".formatted(Sql.table(counter)) : sql;
    }

    /** A query for how far a copy has come. */
    String progress() {
        return counted
                ? "SELECT n FROM " + Sql.table(counter)
                : "SELECT coalesce(max(seq), 0) FROM " + Sql.table(canary);
    }
}
