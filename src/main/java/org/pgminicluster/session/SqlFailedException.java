package org.pgminicluster.session;

import java.sql.SQLException;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/** A statement that a node did not carry out. */
@API(status = API.Status.MAINTAINED)
public final class SqlFailedException extends MiniClusterException {

    private static final long serialVersionUID = 1L;

    private final String node;
    private final String sqlState;
    private final String serverMessage;
    private final @Nullable String detail;
    private final @Nullable String hint;
    private final @Nullable String where;
    private final int position;
    private final SQLException refusal;
    private final String sql;
    private final String evidence;

    public SqlFailedException(String node, String sql, SQLException cause) {
        this(node, sql, cause, "");
    }

    public SqlFailedException(String node, String sql, SQLException cause, String evidence) {
        this(node, sql, "", cause, evidence);
    }

    private SqlFailedException(String node, String sql, String place, SQLException cause, String evidence) {
        super(node + " refused \"" + sql.strip() + "\"" + place + ": " + cause.getMessage() + evidence, cause);
        this.refusal = cause;
        this.sql = sql;
        this.evidence = evidence;
        this.node = node;
        this.sqlState = cause.getSQLState() == null ? "" : cause.getSQLState();
        ServerErrorMessage server = cause instanceof PSQLException postgres ? postgres.getServerErrorMessage() : null;
        this.serverMessage = server == null || server.getMessage() == null
                ? String.valueOf(cause.getMessage())
                : server.getMessage();
        this.detail = server == null ? null : server.getDetail();
        this.hint = server == null ? null : server.getHint();
        this.where = server == null ? null : server.getWhere();
        this.position = server == null ? 0 : server.getPosition();
    }

    /**
     * The same refusal with the place of the statement.
     *
     * @param place such as a line of a file
     * @param advice what to do, or an empty text
     */
    public SqlFailedException placed(String place, String advice) {
        String more = evidence + (advice.isEmpty() ? "" : "\n" + advice);
        return new SqlFailedException(node, sql, " (" + place + ")", refusal, more);
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

    /** The character of the statement, from 1, at which the server has found it; 0 if it says none. */
    public int position() {
        return position;
    }

    /** What the server was at, such as a row of {@code COPY}. */
    public @Nullable String where() {
        return where;
    }

    /** Whether the connection is gone, and with it the session's state. */
    public boolean isConnectionLost() {
        return sqlState.isEmpty() || sqlState.startsWith("08") || sqlState.startsWith("57P");
    }
}
