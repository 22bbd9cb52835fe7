package org.pgminicluster.session;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apiguardian.api.API;
import org.pgminicluster.MiniClusterException;
import org.postgresql.PGConnection;

/**
 * A statement that runs in a session of its own while the caller goes on, for those that wait for others. It ends by
 * itself after 30 s (scaled), as every statement does.
 */
@API(status = API.Status.MAINTAINED)
public final class RunningStatement implements AutoCloseable {

    private static final Duration GRACE = Duration.ofSeconds(10);

    private final String sql;
    private final Session session;
    private final int backendPid;
    private final Duration atMost;
    private final CompletableFuture<Long> result = new CompletableFuture<>();

    private RunningStatement(String sql, Session session, Duration atMost) {
        this.sql = sql;
        this.session = session;
        this.backendPid = session.backendPid();
        this.atMost = atMost;
    }

    public static RunningStatement start(String sql, Session session, Duration statementTimeout) {
        RunningStatement statement = new RunningStatement(sql, session, statementTimeout.plus(GRACE));
        Thread thread = new Thread(statement::run, "pg-minicluster statement of backend " + statement.backendPid);
        thread.setDaemon(true);
        thread.start();
        return statement;
    }

    private void run() {
        try {
            result.complete(session.execute(sql));
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }

    /** The pid of the server process that carries it out. */
    public int backendPid() {
        return backendPid;
    }

    /** Whether it has come to an end, good or bad. */
    public boolean isDone() {
        return result.isDone();
    }

    /**
     * Waits for its end and returns how many rows it touched.
     *
     * @throws SqlFailedException if the server refused it, or it was cancelled
     */
    public long await() {
        try {
            return result.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SqlFailedException refusal) {
                throw refusal;
            }
            throw new MiniClusterException("\"" + sql.strip() + "\" failed with " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new MiniClusterException("expected \"" + sql.strip() + "\" to end within " + atMost, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MiniClusterException("interrupted while waiting for \"" + sql.strip() + "\"", e);
        }
    }

    /** Asks the server to cancel it, as Ctrl-C does in psql; {@link #await()} tells what came of it. */
    public void cancel() {
        try {
            session.connection().unwrap(PGConnection.class).cancelQuery();
        } catch (SQLException e) {
            throw new SqlFailedException(session.node(), "cancel " + sql, e);
        }
    }

    /** Closes the client's socket without a word to the server, as a client that is killed does. */
    public void abandon() {
        try {
            session.connection().abort(Runnable::run);
        } catch (SQLException e) {
            throw new SqlFailedException(session.node(), "abandon " + sql, e);
        }
    }

    /** Cancels what still runs, and closes the session; one that does not heed it is abandoned. */
    @Override
    public void close() {
        if (!isDone()) {
            try {
                cancel();
                result.handle((count, failure) -> true).get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (ExecutionException | TimeoutException | SqlFailedException e) {
                abandon();
                return;
            }
        }
        session.close();
    }
}
