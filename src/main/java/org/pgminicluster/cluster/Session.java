package org.pgminicluster.cluster;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.Statements;
import org.pgminicluster.server.Passwords;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * A connection of its own to a node's database, in autocommit until {@code BEGIN} is executed. Every statement is
 * written to the journal. Not for use by several threads.
 */
public final class Session implements AutoCloseable {

    private static final String QUERY_CANCELED = "57014";

    /** A server reads all that it was sent before it begins with the first statement. */
    private static final String SYNTAX_ERROR = "42601";

    private final String node;
    private final String database;
    private final Connection connection;
    private final Consumer<Event> journal;
    private final Duration timeout;

    Session(String node, String database, Connection connection, Consumer<Event> journal, Duration timeout) {
        this.node = node;
        this.database = database;
        this.connection = connection;
        this.journal = journal;
        this.timeout = timeout;
    }

    /**
     * Executes statements, one or many, and returns how many rows the last one touched. A single one is sent outside of
     * a transaction block; many without {@code BEGIN} share one transaction.
     *
     * @param params values for {@code ?} placeholders; without any, a {@code ?} is an operator
     * @throws SqlFailedException if the server refuses, or does not finish within the timeout
     */
    public long execute(String sql, @Nullable Object... params) {
        return run(sql, params) instanceof Event.Done done ? done.count() : 0;
    }

    /**
     * Executes a query and returns its rows.
     *
     * @param params values for {@code ?} placeholders; without any, a {@code ?} is an operator
     * @throws SqlFailedException if the server refuses, or does not finish within the timeout
     */
    public Rows query(String sql, @Nullable Object... params) {
        if (run(sql, params) instanceof Event.Selected selected) {
            return selected.rows();
        }
        throw new IllegalArgumentException(
                "expected \"" + sql + "\" to return rows, but it returned none; use execute");
    }

    /**
     * Executes statements as {@code psql -c} does: they are sent at once, without {@code BEGIN} they share one
     * transaction, and what is refused ends it. Every one is in the journal with its own result, and so are the notices.
     *
     * @return what was written to the journal: {@link Event.Sql} of each statement that was carried out or refused, and
     *     an {@link Event.Observation} of each notice, in the server's order
     * @throws SqlFailedException if the connection is lost
     * @see <a href="https://www.postgresql.org/docs/13/app-psql.html">psql, option -c</a>
     */
    public List<Event> send(String sql) {
        List<String> statements = Statements.split(sql);
        List<Event> told = new ArrayList<>();
        Consumer<Event> tell = told::add;
        tell = tell.andThen(journal);
        Sent sent = new Sent(statements, tell);
        if (statements.isEmpty()) {
            return told;
        }
        long start = System.nanoTime();
        try {
            new OneMessage(connection.unwrap(BaseConnection.class), sent.tell::accept, sent::done).send(sql, timeout);
        } catch (SQLException e) {
            boolean nothingBegun = SYNTAX_ERROR.equals(e.getSQLState()) && sent.next == 0;
            String refused = nothingBegun ? sql.strip() : sent.statement();
            String tooLong = tooLong(e, start);
            SqlFailedException failure = new SqlFailedException(node, refused, e, bracketed(tooLong));
            sent.tell.accept(new Event.Sql(database, refused, failure.asShownByPsql(sql), sent.millis()));
            if (!tooLong.isEmpty()) {
                sent.tell.accept(new Event.Observation("NOTE", tooLong));
            }
            if (failure.isConnectionLost()) {
                throw failure;
            }
        }
        return told;
    }

    /** Tells the statement of each result by its place. */
    private final class Sent {
        private final List<String> statements;
        private final Consumer<Event> tell;
        private long since = System.nanoTime();
        private int next;

        Sent(List<String> statements, Consumer<Event> tell) {
            this.statements = statements;
            this.tell = tell;
        }

        /** A rule may give a statement more than one result. */
        String statement() {
            return statements.get(Math.min(next, statements.size() - 1));
        }

        double millis() {
            return millisSince(since);
        }

        void done(Event.Result result) {
            tell.accept(new Event.Sql(database, statement(), result, millis()));
            next++;
            since = System.nanoTime();
        }
    }

    /**
     * Sends {@code data} by {@code COPY ... FROM STDIN} and returns the number of rows.
     *
     * @throws SqlFailedException if the server refuses
     */
    public long copyIn(String copySql, String data) {
        return record(copySql, () -> {
                            try {
                                return new Event.Done(connection
                                        .unwrap(PGConnection.class)
                                        .getCopyAPI()
                                        .copyIn(copySql, new StringReader(data)));
                            } catch (IOException e) {
                                throw new SQLException("reading a text in memory failed", e);
                            }
                        })
                        instanceof Event.Done done
                ? done.count()
                : 0;
    }

    /** Sets a role's password by a hash made on this side, as psql's {@code \password} does. */
    void setPassword(String role, String password, String shown) {
        record(shown, () -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("ALTER ROLE " + Sql.identifier(role) + " PASSWORD "
                        + Sql.literal(Passwords.scramVerifier(password)));
            }
            return new Event.Done(0);
        });
    }

    String node() {
        return node;
    }

    /** The same connection, whose statements are cancelled after that time. */
    Session within(Duration atMost) {
        return new Session(node, database, connection, journal, atMost);
    }

    /** The same connection, whose statements are told to somebody else. */
    Session recordedBy(Consumer<Event> other) {
        return new Session(node, database, connection, other, timeout);
    }

    /** The pid of the server process behind this session. */
    public int backendPid() {
        try {
            return connection.unwrap(PGConnection.class).getBackendPID();
        } catch (SQLException e) {
            throw new SqlFailedException(node, "backend pid", e);
        }
    }

    /** Whether a transaction was begun and neither committed nor rolled back. */
    boolean isInTransaction() {
        try {
            return connection.unwrap(BaseConnection.class).getTransactionState() != TransactionState.IDLE;
        } catch (SQLException e) {
            throw new SqlFailedException(node, "transaction state", e);
        }
    }

    /** The JDBC connection, for what this class does not offer; what is done with it is not in the journal. */
    public Connection connection() {
        return connection;
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // The server may be gone; there is nothing left to give back.
        }
    }

    private Event.Result run(String sql, @Nullable Object... params) {
        return record(sql, () -> {
            if (params.length == 0) {
                try (Statement statement = connection.createStatement()) {
                    statement.setEscapeProcessing(false);
                    statement.setQueryTimeout(seconds());
                    return last(statement, statement.execute(sql));
                }
            }
            try (PreparedStatement statement = connection.prepareStatement(sql)) {
                statement.setQueryTimeout(seconds());
                for (int i = 0; i < params.length; i++) {
                    statement.setObject(i + 1, params[i]);
                }
                return last(statement, statement.execute());
            }
        });
    }

    private int seconds() {
        return Math.toIntExact(Math.max(1, timeout.plusMillis(999).toSeconds()));
    }

    @FunctionalInterface
    private interface Action {
        Event.Result run() throws SQLException;
    }

    private Event.Result record(String sql, Action action) {
        long start = System.nanoTime();
        try {
            Event.Result result = action.run();
            journal.accept(new Event.Sql(database, sql, result, millisSince(start)));
            return result;
        } catch (SQLException e) {
            SqlFailedException failure = new SqlFailedException(node, sql, e, bracketed(tooLong(e, start)));
            journal.accept(new Event.Sql(database, sql, failed(failure), millisSince(start)));
            throw failure;
        }
    }

    /** The server only says that it was asked to stop; by whom, and why, is known here. */
    private String tooLong(SQLException e, long start) {
        boolean cancelled = QUERY_CANCELED.equals(e.getSQLState()) && millisSince(start) >= timeout.toMillis();
        return cancelled
                ? "it took longer than the " + timeout.toMillis() / 1000.0 + " s that a statement may take here; more"
                        + " with -Dminicluster.timeout.scale"
                : "";
    }

    private static String bracketed(String evidence) {
        return evidence.isEmpty() ? "" : " (" + evidence + ")";
    }

    static Event.Failed failed(SqlFailedException failure) {
        return new Event.Failed(failure.sqlState(), failure.serverMessage(), failure.detail(), failure.hint());
    }

    private static double millisSince(long start) {
        return (System.nanoTime() - start) / 1e6;
    }

    /** The result of the last of many statements. */
    private static Event.Result last(Statement statement, boolean returnsRows) throws SQLException {
        Event.Result last = new Event.Done(0);
        boolean rows = returnsRows;
        while (rows || statement.getUpdateCount() >= 0) {
            if (rows) {
                try (ResultSet result = statement.getResultSet()) {
                    last = new Event.Selected(read(result));
                }
            } else {
                last = new Event.Done(statement.getUpdateCount());
            }
            rows = statement.getMoreResults();
        }
        return last;
    }

    private static Rows read(ResultSet result) throws SQLException {
        ResultSetMetaData meta = result.getMetaData();
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= meta.getColumnCount(); i++) {
            columns.add(meta.getColumnLabel(i));
        }
        List<Row> rows = new ArrayList<>();
        while (result.next()) {
            List<@Nullable String> row = new ArrayList<>();
            for (int i = 1; i <= columns.size(); i++) {
                row.add(result.getString(i));
            }
            rows.add(new Row(row));
        }
        return new Rows(columns, rows);
    }
}
