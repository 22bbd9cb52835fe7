package org.pgminicluster.session;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Keeps a server from logging a statement that holds a password, be it carried out or refused. It takes a superuser; others
 * cannot say what is logged.
 */
final class Unlogged implements AutoCloseable {

    private static final String AS_SUPERUSER = " WHERE (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)";

    private static final String BEGIN = "SELECT set_config('log_statement', 'none', false),"
            + " set_config('log_min_error_statement', 'panic', false),"
            + " set_config('log_min_duration_statement', '-1', false)" + AS_SUPERUSER;

    private static final String END = "SELECT set_config(name, reset_val, false) FROM pg_settings" + AS_SUPERUSER
            + " AND name IN ('log_statement', 'log_min_error_statement', 'log_min_duration_statement')";

    private final Connection connection;

    private Unlogged(Connection connection) {
        this.connection = connection;
    }

    static Unlogged begin(Connection connection) throws SQLException {
        execute(connection, BEGIN);
        return new Unlogged(connection);
    }

    @Override
    public void close() {
        try {
            execute(connection, END);
        } catch (SQLException e) {
            // In a transaction that has failed: what was set in it goes with it. Or the server is gone.
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
