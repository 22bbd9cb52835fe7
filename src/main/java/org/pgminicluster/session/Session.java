package org.pgminicluster.session;

import java.io.IOException;
import java.io.Reader;
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
import java.util.regex.Pattern;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.script.HiddenPasswords;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.Statements;
import org.pgminicluster.script.TextReader;
import org.pgminicluster.server.Passwords;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/**
 * A connection of its own to a node's database, in autocommit until {@code BEGIN} is executed. Every statement is
 * written to the journal. Not for use by several threads.
 */
@API(status = API.Status.MAINTAINED)
public final class Session implements AutoCloseable {

    private static final Pattern CATALOGS = Pattern.compile("pg_|conninfo", Pattern.CASE_INSENSITIVE);
    private static final String QUERY_CANCELED = "57014";

    private final String node;
    private final String database;
    private final Connection connection;
    private final Consumer<Event> journal;
    private final Duration timeout;
    private final HiddenPasswords passwords;

    public Session(String node, String database, Connection connection, Consumer<Event> journal, Duration timeout) {
        this(node, database, connection, journal, timeout, HiddenPasswords.NONE);
    }

    /** @param passwords what is not to be seen of connection strings */
    public Session(
            String node,
            String database,
            Connection connection,
            Consumer<Event> journal,
            Duration timeout,
            HiddenPasswords passwords) {
        this.node = node;
        this.database = database;
        this.connection = connection;
        this.journal = journal;
        this.timeout = timeout;
        this.passwords = passwords;
    }

    /**
     * Executes statements, one or many, and returns how many rows the last one touched. A single one is sent outside of
     * a transaction block; many without {@code BEGIN} share one transaction.
     *
     * @param params values for {@code ?} placeholders; without any, a {@code ?} is an operator
     * @throws SqlFailedException if the server refuses, or does not finish within the timeout
     */
    public long execute(String sql, @Nullable Object... params) {
        return lastOf(sql, params) instanceof Event.Done done ? done.count() : 0;
    }

    /**
     * Executes statements, one or many, in one message, and returns what came of each, with what the server said
     * meanwhile. A single one is sent outside of a transaction block; many without {@code BEGIN} share one transaction.
     *
     * <pre>{@code
     * SqlResults results = session.run("DELETE FROM item WHERE price = 0; SELECT count(*) FROM item");
     * results.each().get(0).count();        // how many were deleted
     * results.each().get(1).rows().value(); // how many are left
     * }</pre>
     *
     * @throws SqlFailedException if the server refuses one of them, or does not finish within the timeout
     */
    public SqlResults run(String sql) {
        long start = System.nanoTime();
        List<Event.Result> results;
        List<SqlNotice> notices = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.setQueryTimeout(seconds());
            try {
                results = sent(sql, revealed -> all(statement, statement.execute(revealed))).stream()
                        .map(result -> hidden(sql, result))
                        .toList();
            } finally {
                notices.addAll(SqlNotice.in(statement.getWarnings()));
                notices.forEach(notice -> journal.accept(notice.event()));
            }
        } catch (SQLException e) {
            throw refused(sql, e, start);
        }
        List<String> statements = Statements.split(sql);
        if (statements.isEmpty()) {
            return new SqlResults(List.of(), notices);
        }
        for (int i = 0; i < results.size(); i++) {
            // A rule may give a statement more than one result.
            String statement = statements.get(Math.min(i, statements.size() - 1));
            double millis = i == results.size() - 1 ? millisSince(start) : 0;
            journal.accept(new Event.Sql(database, passwords.hide(statement), results.get(i), millis));
        }
        return new SqlResults(results.stream().map(SqlResult::of).toList(), notices);
    }

    /**
     * Executes a query and returns its rows.
     *
     * @param params values for {@code ?} placeholders; without any, a {@code ?} is an operator
     * @throws SqlFailedException if the server refuses, or does not finish within the timeout
     */
    public Rows query(String sql, @Nullable Object... params) {
        if (lastOf(sql, params) instanceof Event.Selected selected) {
            return selected.rows();
        }
        throw new IllegalArgumentException(
                "expected \"" + sql + "\" to return rows, but it returned none; use execute");
    }

    /**
     * Sends {@code data} by {@code COPY ... FROM STDIN} and returns the number of rows.
     *
     * @throws SqlFailedException if the server refuses
     */
    public long copyIn(String copySql, String data) {
        return copyIn(copySql, new TextReader(data));
    }

    /**
     * Sends what {@code data} reads by {@code COPY ... FROM STDIN}, a piece at a time, and returns the number of rows.
     *
     * @param data each read of which ends after a whole character
     * @throws SqlFailedException if the server refuses
     */
    public long copyIn(String copySql, Reader data) {
        return record(copySql, () -> {
                            try {
                                return new Event.Done(connection
                                        .unwrap(PGConnection.class)
                                        .getCopyAPI()
                                        .copyIn(copySql, data));
                            } catch (IOException e) {
                                throw new SQLException("reading the rows failed: " + e.getMessage(), e);
                            }
                        })
                        instanceof Event.Done done
                ? done.count()
                : 0;
    }

    /** Sets a role's password by a hash made on this side, as psql's {@code \password} does. */
    public void setPassword(String role, String password, String shown) {
        record(shown, () -> {
            try (Statement statement = connection.createStatement()) {
                statement.execute("ALTER ROLE " + Sql.identifier(role) + " PASSWORD "
                        + Sql.literal(Passwords.scramVerifier(password)));
            }
            return new Event.Done(0);
        });
    }

    /** The name of the node that it is a connection to. */
    public String node() {
        return node;
    }

    /** The same connection, whose statements are cancelled after that time. */
    public Session within(Duration atMost) {
        return new Session(node, database, connection, journal, atMost, passwords);
    }

    /** The same connection, whose statements are told to somebody else. */
    public Session recordedBy(Consumer<Event> other) {
        return new Session(node, database, connection, other, timeout, passwords);
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
    public boolean isInTransaction() {
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

    private Event.Result lastOf(String sql, @Nullable Object... params) {
        return record(sql, () -> {
            if (params.length == 0) {
                try (Statement statement = connection.createStatement()) {
                    statement.setEscapeProcessing(false);
                    statement.setQueryTimeout(seconds());
                    return sent(sql, revealed -> last(statement, statement.execute(revealed)));
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

    /** Catalogs hold connection strings; what a test has in its own tables is its own. */
    private Event.Result hidden(String sql, Event.Result result) {
        if (!(result instanceof Event.Selected selected)
                || !CATALOGS.matcher(sql).find()) {
            return result;
        }
        List<Row> rows = new ArrayList<>();
        for (Row row : selected.rows().values()) {
            List<@Nullable String> values = new ArrayList<>();
            for (@Nullable String value : row.values()) {
                values.add(value == null ? null : passwords.hide(value));
            }
            rows.add(new Row(values));
        }
        return new Event.Selected(new Rows(selected.rows().columns(), rows));
    }

    @FunctionalInterface
    private interface Sending<T> {
        T send(String sql) throws SQLException;
    }

    /** With the passwords that it names, and then so that no log gets to see it. */
    private <T> T sent(String sql, Sending<T> sending) throws SQLException {
        String revealed = passwords.reveal(sql);
        if (revealed.equals(sql)) {
            return sending.send(sql);
        }
        try (Unlogged unlogged = Unlogged.begin(connection)) {
            return sending.send(revealed);
        }
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
            Event.Result result = hidden(sql, action.run());
            journal.accept(new Event.Sql(database, passwords.hide(sql), result, millisSince(start)));
            return result;
        } catch (SQLException e) {
            throw refused(sql, e, start);
        }
    }

    private SqlFailedException refused(String sql, SQLException e, long start) {
        String shown = passwords.hide(sql);
        SqlFailedException failure = new SqlFailedException(node, shown, e, bracketed(tooLong(e, start)));
        journal.accept(new Event.Sql(database, shown, failed(failure), millisSince(start)));
        return failure;
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
        List<Event.Result> all = all(statement, returnsRows);
        return all.isEmpty() ? new Event.Done(0) : all.get(all.size() - 1);
    }

    private static List<Event.Result> all(Statement statement, boolean returnsRows) throws SQLException {
        List<Event.Result> all = new ArrayList<>();
        boolean rows = returnsRows;
        while (rows || statement.getUpdateCount() >= 0) {
            if (rows) {
                try (ResultSet result = statement.getResultSet()) {
                    all.add(new Event.Selected(read(result)));
                }
            } else {
                all.add(new Event.Done(statement.getUpdateCount()));
            }
            rows = statement.getMoreResults();
        }
        return all;
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
