package org.pgminicluster.scenarios.backup;

import java.util.concurrent.CompletableFuture;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.session.Session;
import org.pgminicluster.wait.Seen;

/**
 * Writes to one table until it is closed. Every transaction counts itself in a row that it locks to its end, and puts in
 * a row of that number: so whatever is a state that there was once has as many rows as its counter says, without a hole.
 */
final class Counting implements AutoCloseable {

    private final MiniCluster cluster;
    private final CompletableFuture<Void> writing;
    private volatile long written;
    private volatile boolean closed;

    /**
     * @param table such as {@code test}, whose counter is {@code test_count}
     */
    Counting(MiniCluster cluster, Node node, String table) {
        this.cluster = cluster;
        this.writing = CompletableFuture.runAsync(() -> write(node, table));
    }

    /** The tables that are written, each with its counter. */
    static String schema(String table) {
        return "CREATE TABLE " + table + " (id bigint PRIMARY KEY, name text); CREATE TABLE " + table
                + "_count (one integer PRIMARY KEY, n bigint NOT NULL);";
    }

    static String start(String table) {
        return "INSERT INTO " + table + "_count VALUES (1, 0)";
    }

    /** One row: whether the state is one that there was. */
    static String isOfOneMoment(String table) {
        return "SELECT count(*) = max(id) AND count(*) = (SELECT n FROM " + table + "_count) FROM " + table;
    }

    void awaitMore(int transactions) {
        long wanted = written + transactions;
        cluster.await(wanted + " transactions to be written", () -> {
            if (writing.isCompletedExceptionally()) {
                writing.join();
            }
            return Seen.of(written >= wanted, written + " are");
        });
    }

    private void write(Node node, String table) {
        try (Session session = node.session()) {
            while (!closed) {
                session.execute("UPDATE " + table + "_count SET n = n + 1; INSERT INTO " + table
                        + " SELECT n, 'row ' || n FROM " + table + "_count");
                written++;
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        writing.join();
    }
}
