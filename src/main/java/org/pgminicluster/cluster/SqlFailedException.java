package org.pgminicluster.cluster;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Event;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A statement that a node did not carry out. */
public final class SqlFailedException extends MiniClusterException {

    private static final long serialVersionUID = 1L;

    private final String node;
    private final String sqlState;
    private final String serverMessage;
    private final @Nullable String detail;
    private final @Nullable String hint;

    SqlFailedException(String node, String sql, SQLException cause) {
        this(node, sql, cause, "");
    }

    SqlFailedException(String node, String sql, SQLException cause, String evidence) {
        super(node + " refused \"" + sql.strip() + "\": " + cause.getMessage() + evidence, cause);
        this.node = node;
        this.sqlState = cause.getSQLState() == null ? "" : cause.getSQLState();
        ServerErrorMessage server = cause instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        this.serverMessage = server == null || server.getMessage() == null
                ? String.valueOf(cause.getMessage())
                : server.getMessage();
        this.detail = server == null ? null : server.getDetail();
        this.hint = server == null ? null : server.getHint();
    }

    /** The node that refused. */
    public String node() {
        return node;
    }

    /**
     * The SQLSTATE, or an empty text if the server was not reached.
     *
     * @see <a href="https://www.postgresql.org/docs/13/errcodes-appendix.html">PostgreSQL Error Codes</a>
     */
    public String sqlState() {
        return sqlState;
    }

    /** The server's message, without severity, detail and hint. */
    public String serverMessage() {
        return serverMessage;
    }

    public @Nullable String detail() {
        return detail;
    }

    public @Nullable String hint() {
        return hint;
    }

    /** With the place that it points to in what was sent, and what the server was doing. */
    Event.Failed asShownByPsql(String sent) {
        ServerErrorMessage server =
                getCause() instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        return new Event.Failed(
                sqlState,
                serverMessage,
                detail,
                hint,
                server == null || server.getPosition() <= 0 ? null : ErrorPlace.of(sent, server.getPosition()),
                server == null ? null : server.getWhere());
    }

    /** Whether the connection is gone, and with it the session's state. */
    public boolean isConnectionLost() {
        return sqlState.isEmpty() || sqlState.startsWith("08") || sqlState.startsWith("57P");
    }
}
