package org.pgminicluster.server;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.apiguardian.api.API;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;

/** Waits until a server answers a query, and hands over its first connection: a log line is no proof of readiness. */
@API(status = API.Status.INTERNAL)
public final class Readiness {

    private static final Duration POLL = Duration.ofMillis(10);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration SOCKET = Duration.ofSeconds(30);

    private Readiness() {}

    /** Whether the server that is waited for is still there; asked between two attempts. */
    @FunctionalInterface
    public interface Alive {
        boolean isAlive();
    }

    /**
     * Returns an open connection of the superuser to {@code database}.
     *
     * @throws ServerFailedException if the server exits, refuses the login, or does not answer within {@code atMost}
     */
    public static Connection await(PgServer server, String database, Credentials superuser, Duration atMost) {
        Attempt attempt = new Attempt(server, database, superuser);
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .atMost(atMost)
                    .until(attempt::succeeds);
        } catch (ConditionTimeoutException e) {
            throw new ServerFailedException(
                    server.name(),
                    "was expected to accept connections at " + server.clientAddress() + " within " + atMost.toSeconds()
                            + " s, but did not; look at the end of its log, or allow more time by"
                            + " -Dminicluster.timeout.scale",
                    server.log(),
                    attempt.lastFailure);
        }
        return attempt.connection();
    }

    private static final class Attempt {
        private final PgServer server;
        private final String database;
        private final Credentials superuser;
        private @Nullable Connection connection;
        private @Nullable SQLException lastFailure;

        Attempt(PgServer server, String database, Credentials superuser) {
            this.server = server;
            this.database = database;
            this.superuser = superuser;
        }

        Connection connection() {
            if (connection == null) {
                throw new IllegalStateException("not connected yet");
            }
            return connection;
        }

        boolean succeeds() {
            try {
                connection = Connections.open(
                        server.clientAddress(), database, superuser, "pg-minicluster", CONNECT, SOCKET);
                return true;
            } catch (SQLException e) {
                lastFailure = e;
                // Awaitility sleeps on when it is interrupted; the flag stays set for whoever called.
                if (Thread.currentThread().isInterrupted()) {
                    throw new MiniClusterException("interrupted while waiting for " + server.name(), e);
                }
                if (!server.isRunning()) {
                    throw new ServerFailedException(
                            server.name(),
                            "was expected to start, but exited; the end of its log says why",
                            server.log(),
                            e);
                }
                if (isRefusal(e)) {
                    throw new ServerFailedException(
                            server.name(), "refused the superuser: " + e.getMessage(), server.log(), e);
                }
                return false;
            }
        }

        /** Wrong password, no such database or role: waiting longer cannot help. 57P03 is "starting up". */
        private static boolean isRefusal(SQLException e) {
            String state = e.getSQLState();
            return state != null && (state.startsWith("28") || state.startsWith("3D"));
        }
    }

    /** What the server says its version is. */
    public static PostgresVersion versionOf(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SHOW server_version")) {
            result.next();
            return PostgresVersion.parse(result.getString(1));
        }
    }
}
