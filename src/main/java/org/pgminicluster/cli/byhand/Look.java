package org.pgminicluster.cli.byhand;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.session.Session;

/** Asks a server something that is no part of the story that the journal tells, and so over JDBC itself. */
public final class Look implements AutoCloseable {

    private final Node node;
    private final Session session;

    Look(Node node) {
        this.node = node;
        this.session = node.session();
    }

    /** The first row; NULL is an empty text. */
    public static List<String> row(Node node, String query) {
        try (Look look = new Look(node)) {
            return look.rows(query).get(0);
        }
    }

    public static String value(Node node, String query) {
        return row(node, query).get(0);
    }

    List<List<String>> rows(String query) {
        try (Statement statement = session.connection().createStatement();
                ResultSet found = statement.executeQuery(query)) {
            List<List<String>> rows = new ArrayList<>();
            while (found.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= found.getMetaData().getColumnCount(); i++) {
                    row.add(found.getString(i) == null ? "" : found.getString(i));
                }
                rows.add(row);
            }
            return rows;
        } catch (SQLException e) {
            throw new MiniClusterException("could not ask " + node.name() + " \"" + query + "\": " + e.getMessage(), e);
        }
    }

    List<String> column(String query) {
        return rows(query).stream().map(row -> row.get(0)).toList();
    }

    @Override
    public void close() {
        session.close();
    }
}
