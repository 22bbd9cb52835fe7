package org.pgminicluster.attach;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.pgminicluster.journal.Row;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.GuardSql;
import org.pgminicluster.script.Sql;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.TableName;

/**
 * Which read-only copies refuse writes already, by whatever guard: each kind of write is tried, of no row, and rolled back.
 * What a trigger for TRUNCATE does cannot be tried without the lock that TRUNCATE takes, so it only must be there.
 */
final class GuardSurvey {

    private static final String COLUMN = """
            SELECT quote_ident(attname) FROM pg_attribute a
             WHERE attrelid = ?::regclass AND attnum > 0 AND NOT attisdropped AND attidentity = ''
               AND coalesce(to_jsonb(a) ->> 'attgenerated', '') = '' ORDER BY attnum LIMIT 1""";

    private static final String TRIGGERS = """
            SELECT tgname, (tgtype & 34 = 34 AND tgenabled IN ('O', 'A'))::text FROM pg_trigger
             WHERE tgrelid = ?::regclass AND NOT tgisinternal""";

    private static final List<String> WRITES = List.of(
            "INSERT INTO %1$s (%2$s) SELECT %2$s FROM %1$s WHERE false",
            "UPDATE %1$s SET %2$s = %2$s WHERE false", "DELETE FROM %1$s WHERE false");

    /** Insufficient privilege is no guard, and no lock in time tells nothing. */
    private static final Set<String> NO_GUARD = Set.of("42501", "55P03");

    private final Member database;
    private final int major;
    private final Set<String> missing = new LinkedHashSet<>();

    private GuardSurvey(Member database) {
        this.database = database;
        this.major = database.version().major();
    }

    /** The statements by which the missing ones are made. */
    static Set<String> missing(Member database, List<TableName> tables, Set<String> there, Complaints complaints) {
        GuardSurvey survey = new GuardSurvey(database);
        for (TableName table : tables) {
            survey.look(table, there.contains(Sql.table(table)), complaints);
        }
        return survey.missing;
    }

    private void look(TableName table, boolean there, Complaints complaints) {
        boolean writes = !there || !refusesWrites(table, complaints);
        List<Row> triggers = there ? database.look(TRIGGERS, Sql.table(table)).values() : List.of();
        boolean truncates = triggers.stream().noneMatch(row -> "true".equals(row.get(1)));
        if (writes) {
            add(table, GuardSql.writeTrigger(table, major));
        }
        if (truncates) {
            add(table, GuardSql.truncateTrigger(table, major));
        }
        for (String name : List.of("read_only_write", "read_only_truncate")) {
            boolean useless = name.endsWith("write") ? writes : truncates;
            if (useless && triggers.stream().anyMatch(row -> name.equals(row.get(0)))) {
                complaints.add(
                        "trigger " + name + " of " + table + " on " + database.name() + " to refuse writes",
                        "lets them pass",
                        "enable or drop it there");
            }
        }
    }

    private void add(TableName table, String trigger) {
        missing.add(GuardSql.function(table.schema()));
        missing.add(trigger);
    }

    private boolean refusesWrites(TableName table, Complaints complaints) {
        String column = database.look(COLUMN, Sql.table(table)).value();
        int refused = 0;
        try (Session session = database.quietSession("pg-minicluster attach")) {
            for (String write : WRITES) {
                refused += column != null && isRefused(session, write.formatted(Sql.table(table), column), complaints)
                        ? 1
                        : 0;
            }
        }
        return refused == WRITES.size();
    }

    private boolean isRefused(Session session, String write, Complaints complaints) {
        try {
            session.execute("BEGIN; SET LOCAL lock_timeout = '1s'");
            session.execute(write);
            return false;
        } catch (SqlFailedException e) {
            if (NO_GUARD.contains(e.sqlState())) {
                complaints.add(
                        "the guards of " + database.name() + " to be seen by \"" + write + "\", rolled back",
                        "it was refused (" + e.serverMessage() + ")",
                        "give the role the right, or try again when nobody locks the table");
            }
            return true;
        } finally {
            session.execute("ROLLBACK");
        }
    }
}
