package org.pgminicluster.history;

import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;

/** A connection that may be lost, and is opened again at the next chance. For one thread. */
final class Reconnecting implements AutoCloseable {

    private final Node node;
    private @Nullable Session session;

    Reconnecting(Node node) {
        this.node = node;
    }

    /** A statement to work with, or null if the node cannot be reached now. The cluster's journal is spared it all. */
    @Nullable
    Statement open() {
        try {
            if (session == null) {
                if (!node.isRunning() || node.isPaused()) {
                    return null;
                }
                session = node.session();
            }
            Statement statement = session.connection().createStatement();
            statement.setEscapeProcessing(false);
            return statement;
        } catch (SqlFailedException | SQLException e) {
            close();
            return null;
        }
    }

    /** Whether an error means that the connection is gone; then it is closed. */
    boolean isLost(SQLException e) {
        String state = stateOf(e);
        boolean lost = state.isEmpty() || state.startsWith("08") || state.startsWith("57P") || state.startsWith("XX");
        if (lost) {
            close();
        }
        return lost;
    }

    static String stateOf(SQLException e) {
        return e.getSQLState() == null ? "" : e.getSQLState();
    }

    @Override
    public void close() {
        if (session != null) {
            session.close();
            session = null;
        }
    }
}
