package org.pgminicluster.cluster;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.Encoding;
import org.postgresql.core.Field;
import org.postgresql.core.NativeQuery;
import org.postgresql.core.Query;
import org.postgresql.core.QueryExecutor;
import org.postgresql.core.ResultCursor;
import org.postgresql.core.ResultHandlerBase;
import org.postgresql.core.SqlCommand;
import org.postgresql.core.Tuple;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * Statements in one message of the simple query protocol, as {@code psql -c} sends them: without BEGIN they share one
 * transaction. JDBC's own interfaces keep the notices apart from the results, leave the command tags out, and of what
 * came before an error nothing.
 *
 * @see <a href="https://www.postgresql.org/docs/13/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT">Multiple Statements
 *     in a Simple Query</a>
 */
final class OneMessage extends ResultHandlerBase {

    private final BaseConnection connection;
    private final Consumer<Event.Observation> notices;
    private final Consumer<Event.Result> results;
    private @Nullable Rows rows;
    private @Nullable SQLException failure;

    OneMessage(BaseConnection connection, Consumer<Event.Observation> notices, Consumer<Event.Result> results) {
        this.connection = connection;
        this.notices = notices;
        this.results = results;
    }

    /**
     * Returns when all is done.
     *
     * @throws SQLException with what stopped it; what came before has been passed on
     */
    void send(String sql, Duration timeout) throws SQLException {
        QueryExecutor executor = connection.getQueryExecutor();
        Query whole = executor.wrap(List.of(new NativeQuery(sql, SqlCommand.BLANK)));
        CompletableFuture<Void> tooLong = CompletableFuture.runAsync(
                this::cancel, CompletableFuture.delayedExecutor(timeout.toMillis(), TimeUnit.MILLISECONDS));
        try {
            executor.execute(
                    whole,
                    null,
                    this,
                    0,
                    0,
                    QueryExecutor.QUERY_EXECUTE_AS_SIMPLE
                            | QueryExecutor.QUERY_SUPPRESS_BEGIN
                            | QueryExecutor.QUERY_BOTH_ROWS_AND_STATUS);
        } finally {
            tooLong.cancel(false);
        }
        if (failure != null) {
            throw failure;
        }
    }

    private void cancel() {
        try {
            connection.cancelQuery();
        } catch (SQLException e) {
            // Then the server is not there to be asked, and the statement ends by that.
        }
    }

    @Override
    public void handleResultRows(Query query, Field[] fields, List<Tuple> tuples, @Nullable ResultCursor cursor) {
        try {
            Encoding encoding = connection.getEncoding();
            List<Row> read = new ArrayList<>();
            for (Tuple tuple : tuples) {
                List<@Nullable String> row = new ArrayList<>();
                for (int i = 0; i < tuple.fieldCount(); i++) {
                    byte @Nullable [] value = tuple.get(i);
                    row.add(value == null ? null : encoding.decode(value));
                }
                read.add(new Row(row));
            }
            rows = new Rows(Arrays.stream(fields).map(Field::getColumnLabel).toList(), read);
        } catch (IOException | SQLException e) {
            handleError(new SQLException("a value that is not in the connection's encoding", e));
        }
    }

    @Override
    public void handleCommandStatus(String status, long count, long oid) {
        Rows found = rows;
        rows = null;
        results.accept(found != null ? new Event.Selected(found) : new Event.Done(Math.max(0, count), status));
    }

    @Override
    public void handleWarning(SQLWarning warning) {
        @Nullable ServerErrorMessage said = warning instanceof PSQLWarning psql ? psql.getServerErrorMessage() : null;
        String severity = said == null || said.getSeverity() == null ? "WARNING" : said.getSeverity();
        StringBuilder text = new StringBuilder(String.valueOf(said == null ? warning.getMessage() : said.getMessage()));
        if (said != null && said.getDetail() != null) {
            text.append("\nDETAIL:  ").append(said.getDetail());
        }
        if (said != null && said.getHint() != null) {
            text.append("\nHINT:  ").append(said.getHint());
        }
        notices.accept(new Event.Observation(severity, text.toString()));
    }

    @Override
    public void handleError(SQLException error) {
        if (failure == null) {
            failure = error;
        }
    }

    @Override
    public void handleCompletion() {
        // It is thrown when all was passed on.
    }
}
