package org.pgminicluster.session;

import java.sql.SQLWarning;
import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * What a server says beside its answer.
 *
 * @param severity {@code NOTICE}, {@code WARNING}, {@code INFO}, or another that the session has asked for
 * @see <a href="https://www.postgresql.org/docs/13/protocol-error-fields.html">Error and Notice Message Fields</a>
 */
@API(status = API.Status.MAINTAINED)
public record SqlNotice(
        String severity,
        String sqlState,
        String message,
        @Nullable String detail,
        @Nullable String hint) {

    /** One and those that came after it. */
    static List<SqlNotice> in(@Nullable SQLWarning first) {
        List<SqlNotice> all = new ArrayList<>();
        for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
            all.add(of(warning));
        }
        return all;
    }

    private static SqlNotice of(SQLWarning warning) {
        ServerErrorMessage server = warning instanceof PSQLWarning said ? said.getServerErrorMessage() : null;
        return new SqlNotice(
                server == null || server.getSeverity() == null ? "WARNING" : server.getSeverity(),
                warning.getSQLState() == null ? "" : warning.getSQLState(),
                server == null || server.getMessage() == null
                        ? String.valueOf(warning.getMessage())
                        : server.getMessage(),
                server == null ? null : server.getDetail(),
                server == null ? null : server.getHint());
    }

    Event event() {
        return new Event.Observation(severity, text());
    }

    private String text() {
        return message + (detail == null ? "" : "\nDETAIL:  " + detail) + (hint == null ? "" : "\nHINT:  " + hint);
    }

    /** As psql shows it. */
    @Override
    public String toString() {
        return severity + ":  " + text();
    }
}
