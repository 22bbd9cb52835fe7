package org.pgminicluster.script;

import org.pgminicluster.topology.TableName;

/**
 * The guard of a read-only copy: one trigger for INSERT, UPDATE and DELETE, a second for TRUNCATE, which the first
 * would let through. Both stay in the default enable state, so that the apply worker and the table sync worker, which
 * run with the replica role, pass.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-createtrigger.html">CREATE TRIGGER</a>
 */
public final class GuardSql {

    /** What the guard says. */
    public static final String MESSAGE = "Cannot modify table.";

    /** What the guard fails with: {@code read_only_sql_transaction}. */
    public static final String SQLSTATE = "25006";

    private static final String FUNCTION = "refuse_write";

    /** The first major that calls it so; 10 says PROCEDURE of a function too. */
    private static final int EXECUTE_FUNCTION = 11;

    private GuardSql() {}

    /** The function that raises, once for each schema that has guarded tables. */
    public static String function(String schema) {
        return """
                CREATE FUNCTION %s.%s() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    RAISE EXCEPTION '%s'
                        USING ERRCODE = '%s',
                              HINT = format('Table %%I is a read-only copy on this node.', TG_TABLE_NAME);
                END $$""".formatted(Sql.identifier(schema), FUNCTION, MESSAGE, SQLSTATE);
    }

    /** The trigger for INSERT, UPDATE and DELETE, as the given major has it. */
    public static String writeTrigger(TableName table, int major) {
        return trigger("read_only_write", "INSERT OR UPDATE OR DELETE", table, major);
    }

    /** The trigger for TRUNCATE, as the given major has it. */
    public static String truncateTrigger(TableName table, int major) {
        return trigger("read_only_truncate", "TRUNCATE", table, major);
    }

    private static String trigger(String name, String events, TableName table, int major) {
        String what = major < EXECUTE_FUNCTION ? "PROCEDURE" : "FUNCTION";
        return "CREATE TRIGGER %s BEFORE %s ON %s\n    FOR EACH STATEMENT EXECUTE %s %s.%s()"
                .formatted(name, events, Sql.table(table), what, Sql.identifier(table.schema()), FUNCTION);
    }
}
