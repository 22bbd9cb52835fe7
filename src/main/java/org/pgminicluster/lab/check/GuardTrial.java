package org.pgminicluster.lab.check;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;

/**
 * What a table does when somebody writes into it, tried in a transaction that is rolled back.
 *
 * @param acts what came of {@code INSERT}, {@code UPDATE}, {@code DELETE} and {@code TRUNCATE}
 * @param emptyUpdate what came of an {@code UPDATE} that changes no row
 */
record GuardTrial(Map<String, Outcome> acts, Outcome emptyUpdate) {

    /** What came of a statement. */
    enum Kind {
        /** A trigger's function raised an error. */
        REFUSED,
        /** It was carried out, or failed later than where a guard stands. */
        PASSED,
        /** No error, and the row was left out all the same. */
        SILENT,
        /** There was no row to do it to. */
        NO_ROW,
        /** Something else was in the way. */
        UNTOLD
    }

    /** @param message what the server said, if it said anything */
    record Outcome(Kind kind, String message) {
        static final Outcome NOT_TRIED = new Outcome(Kind.UNTOLD, "");
    }

    private static final String PL_RAISE = "P0001";
    static final String NO_RIGHT = "42501";
    private static final String REFERRED_TO = "0A000";
    private static final Set<String> BUSY = Set.of("55P03", "57014", "40P01", "40001");

    /** Longer than anybody should wait for a lock of a check. */
    private static final String LIMITS = "SET LOCAL lock_timeout = '500ms'; SET LOCAL statement_timeout = '2s'";

    GuardTrial {
        acts = Map.copyOf(acts);
    }

    /** What is done to a read-only copy. */
    static GuardTrial ofCopy(Session session, TableFacts table, boolean superuser, long number) {
        if (MadeUpRow.obstacle(table).isPresent()) {
            return new GuardTrial(Map.of(), Outcome.NOT_TRIED);
        }
        MadeUpRow row = MadeUpRow.of(table, number);
        session.execute("BEGIN; " + LIMITS);
        try {
            boolean isThere = superuser && !table.key().isEmpty() && isReplicated(session, row);
            Map<String, Outcome> acts = new LinkedHashMap<>();
            acts.put("INSERT", attempt(session, MadeUpRow.of(table, number + 1).insert(), true));
            row.update(isThere).ifPresent(sql -> acts.put("UPDATE", attempt(session, sql, isThere)));
            acts.put("DELETE", attempt(session, row.delete(isThere), isThere));
            acts.put("TRUNCATE", attempt(session, row.truncate(), null));
            Outcome empty =
                    row.updateOfNone().map(sql -> attempt(session, sql, null)).orElse(Outcome.NOT_TRIED);
            return new GuardTrial(acts, empty);
        } finally {
            session.execute("ROLLBACK");
        }
    }

    /** Whether the owner of a table can write it. */
    static Outcome ofOwner(Session session, TableFacts table, long number) {
        if (MadeUpRow.obstacle(table).isPresent()) {
            return Outcome.NOT_TRIED;
        }
        session.execute("BEGIN; " + LIMITS);
        try {
            return attempt(session, MadeUpRow.of(table, number).insert(), true);
        } finally {
            session.execute("ROLLBACK");
        }
    }

    /** A row as replication would bring it, so that the other statements have one of their own to meet. */
    private static boolean isReplicated(Session session, MadeUpRow row) {
        session.execute("SAVEPOINT replicated");
        try {
            session.execute("SET LOCAL session_replication_role = replica");
            session.execute(row.insert());
            session.execute("SET LOCAL session_replication_role = origin");
            return true;
        } catch (SqlFailedException e) {
            if (e.isConnectionLost()) {
                throw e;
            }
            session.execute("ROLLBACK TO SAVEPOINT replicated");
            return false;
        }
    }

    /** @param row whether there is a row for it; null if it is for none, or for all */
    private static Outcome attempt(Session session, String sql, @Nullable Boolean row) {
        session.execute("SAVEPOINT attempt");
        Outcome outcome;
        try {
            long touched = session.execute(sql);
            outcome = row == null || touched > 0
                    ? new Outcome(Kind.PASSED, "")
                    : new Outcome(row ? Kind.SILENT : Kind.NO_ROW, "");
        } catch (SqlFailedException e) {
            if (e.isConnectionLost()) {
                throw e;
            }
            outcome = new Outcome(kind(e), e.serverMessage());
        }
        session.execute("ROLLBACK TO SAVEPOINT attempt");
        return outcome;
    }

    private static Kind kind(SqlFailedException e) {
        boolean inFunction = Optional.ofNullable(e.where())
                .filter(where -> where.contains("function"))
                .isPresent();
        if (e.sqlState().equals(PL_RAISE) || inFunction || e.sqlState().equals(REFERRED_TO)) {
            return Kind.REFUSED;
        }
        return BUSY.contains(e.sqlState()) || e.sqlState().equals(NO_RIGHT) ? Kind.UNTOLD : Kind.PASSED;
    }
}
