package org.pgminicluster.script;

import org.apiguardian.api.API;
import org.pgminicluster.topology.TableName;

/**
 * The guard of a read-only copy: one trigger for INSERT, UPDATE and DELETE, a second for TRUNCATE, which the first
 * would let through. Both stay in the default enable state, so that the apply worker and the table sync worker, which
 * run with the replica role, pass.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-createtrigger.html">CREATE TRIGGER</a>
 */
@API(status = API.Status.INTERNAL)
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

    /**
     * Gives partitions and children a guard of their own, those that are there and those that come later: statement triggers
     * fire for the table that a statement names, and for no other. So what can be reached by a parent that has no guard gets
     * one for each row, too. What is stored elsewhere cannot be guarded and is refused.
     *
     * @see <a href="https://www.postgresql.org/docs/13/trigger-definition.html">Overview of Trigger Behavior</a>
     */
    static String guardParts(int major) {
        return """
                CREATE SCHEMA IF NOT EXISTS minicluster;
                CREATE OR REPLACE FUNCTION minicluster.guard_parts() RETURNS void
                    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog%2$s AS $$
                DECLARE
                    part record;
                BEGIN
                    IF NOT EXISTS (SELECT FROM pg_inherits i JOIN pg_trigger t ON t.tgrelid = i.inhparent WHERE t.tgname = 'read_only_write') THEN
                        RETURN;
                    END IF;
                    FOR part IN
                        WITH RECURSIVE guarded AS (
                            SELECT tgrelid AS oid, tgfoid AS refusal, tgrelid AS root FROM pg_trigger
                             WHERE tgname = 'read_only_write'
                            UNION SELECT i.inhrelid, g.refusal, g.root FROM guarded g JOIN pg_inherits i ON i.inhparent = g.oid),
                        above AS (
                            SELECT i.inhrelid AS oid, i.inhparent AS parent FROM guarded g JOIN pg_inherits i ON i.inhrelid = g.oid
                            UNION SELECT a.oid, i.inhparent FROM above a JOIN pg_inherits i ON i.inhrelid = a.parent)
                        SELECT DISTINCT ON (g.oid) g.oid::regclass AS name, g.refusal::regproc AS refusal, g.root::regclass AS root,
                               c.relkind AS kind,
                               ARRAY(SELECT tgname::text FROM pg_trigger WHERE tgrelid = g.oid) AS triggers,
                               EXISTS (SELECT FROM above a WHERE a.oid = g.oid
                                          AND a.parent NOT IN (SELECT oid FROM guarded)) AS reached
                          FROM guarded g JOIN pg_class c ON c.oid = g.oid ORDER BY g.oid, g.root
                    LOOP
                        IF part.kind = 'f' THEN
                            RAISE EXCEPTION 'expected the parts of %%, which is a read-only copy here, to be tables of this server, but %% is a foreign table; leave it out',
                                part.root, part.name;
                        END IF;
                        IF 'read_only_write' <> ALL (part.triggers) THEN
                            EXECUTE format('CREATE TRIGGER read_only_write BEFORE INSERT OR UPDATE OR DELETE ON %%s'
                                ' FOR EACH STATEMENT EXECUTE %1$s %%s()', part.name, part.refusal);
                        END IF;
                        IF 'read_only_truncate' <> ALL (part.triggers) THEN
                            EXECUTE format('CREATE TRIGGER read_only_truncate BEFORE TRUNCATE ON %%s'
                                ' FOR EACH STATEMENT EXECUTE %1$s %%s()', part.name, part.refusal);
                        END IF;
                        IF part.reached AND part.kind = 'r' AND 'read_only_row' <> ALL (part.triggers) THEN
                            EXECUTE format('CREATE TRIGGER read_only_row BEFORE INSERT OR UPDATE OR DELETE ON %%s'
                                ' FOR EACH ROW EXECUTE %1$s %%s()', part.name, part.refusal);
                        END IF;
                    END LOOP;
                END $$;
                CREATE OR REPLACE FUNCTION minicluster.guard_new_parts() RETURNS event_trigger
                    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
                BEGIN
                    PERFORM minicluster.guard_parts();
                END $$;
                DROP EVENT TRIGGER IF EXISTS minicluster_guarded;
                CREATE EVENT TRIGGER minicluster_guarded ON ddl_command_end
                    WHEN TAG IN ('CREATE TABLE', 'CREATE FOREIGN TABLE', 'ALTER TABLE', 'ALTER FOREIGN TABLE', 'CREATE SCHEMA',
                                 'IMPORT FOREIGN SCHEMA', 'CREATE EXTENSION')
                    EXECUTE %1$s minicluster.guard_new_parts();
                ALTER EVENT TRIGGER minicluster_guarded ENABLE ALWAYS;
                SELECT minicluster.guard_parts()""".formatted(functionWord(major), uncompiled(major));
    }

    /**
     * What keeps a function of a dozen rows from being compiled: where its query refers to itself the planner expects many.
     *
     * @see <a href="https://www.postgresql.org/docs/13/jit-decision.html">When to JIT?</a>
     */
    static String uncompiled(int major) {
        return major < NodeSettings.JIT ? "" : " SET jit = off";
    }

    /** How the given major calls a function that a trigger executes. */
    static String functionWord(int major) {
        return major < EXECUTE_FUNCTION ? "PROCEDURE" : "FUNCTION";
    }

    private static String trigger(String name, String events, TableName table, int major) {
        return "CREATE TRIGGER %s BEFORE %s ON %s\n    FOR EACH STATEMENT EXECUTE %s %s.%s()"
                .formatted(
                        name, events, Sql.table(table), functionWord(major), Sql.identifier(table.schema()), FUNCTION);
    }
}
