package org.pgminicluster.scenarios;

import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.wait.Seen;

/**
 * Writes one transaction after the other to {@link #TABLE} until it is closed, whatever happens to the server, and keeps
 * the account of what the server has said. Each transaction has two rows, so that a torn one would show; the table has no
 * key, so that one that came twice would be there twice. Nothing is ever written a second time.
 */
final class Ledger implements AutoCloseable {

    static final String TABLE = "CREATE TABLE entry (id integer, part integer)";

    private final MiniCluster cluster;
    private final Node node;
    private final Set<Integer> acknowledged = new ConcurrentSkipListSet<>();
    private final Set<Integer> unknown = new ConcurrentSkipListSet<>();
    private final CompletableFuture<Void> writing;
    private volatile boolean closed;

    Ledger(MiniCluster cluster, Node node) {
        this.cluster = cluster;
        this.node = node;
        this.writing = CompletableFuture.runAsync(this::write);
    }

    /** Transactions whose commit the server has confirmed. */
    Set<Integer> acknowledged() {
        return acknowledged;
    }

    /** Transactions that the server was told to commit and did not answer: they may be there or not. */
    Set<Integer> unknown() {
        return unknown;
    }

    /** Waits until the server has confirmed that many more transactions. */
    void awaitMore(int transactions) {
        int wanted = acknowledged.size() + transactions;
        cluster.await(wanted + " transactions to be acknowledged", () -> {
            if (writing.isCompletedExceptionally()) {
                writing.join();
            }
            return Seen.of(acknowledged.size() >= wanted, acknowledged.size() + " are");
        });
    }

    private void write() {
        int id = 0;
        while (!closed) {
            cluster.await(node + " to be running", () -> Seen.of(node.isRunning(), "is it running"));
            try (Session session = connect()) {
                while (session != null && !closed) {
                    id++;
                    unknown.add(id);
                    session.execute("INSERT INTO entry VALUES (?, 1), (?, 2)", id, id);
                    acknowledged.add(id);
                    unknown.remove(id);
                }
            } catch (SqlFailedException e) {
                // The server is gone with an answer on its lips; the id stays unknown.
            }
        }
    }

    /** A session, or null if the server is just starting or going. */
    private @Nullable Session connect() {
        try {
            return node.session();
        } catch (SqlFailedException e) {
            return null;
        }
    }

    /** Stops writing, and waits until the last answer has come. */
    @Override
    public void close() {
        closed = true;
        writing.join();
    }
}
