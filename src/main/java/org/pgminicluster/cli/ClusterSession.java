package org.pgminicluster.cli;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cli.wire.SqlConnection;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Event;

/** What one connection to the daemon has. Its SQL sessions last as long as it does, so that BEGIN does too. */
final class ClusterSession implements AutoCloseable {

    private final RunningCluster running;
    private final Map<String, Opened> connections = new HashMap<>();

    /** @param record is told of its statements */
    record Opened(SqlConnection connection, Consumer<Event> record) {}

    ClusterSession(RunningCluster running) {
        this.running = running;
    }

    RunningCluster running() {
        return running;
    }

    /** The one to that node's database, opened when it is first asked for and when the last one was lost. */
    Opened connection(Node node) {
        String place = node.name() + "/" + node.database();
        @Nullable Opened known = connections.get(place);
        if (known == null || known.connection().isClosed()) {
            known = new Opened(open(node), node.member().recorder());
            connections.put(place, known);
        }
        return known;
    }

    private SqlConnection open(Node node) {
        if (!node.isRunning()) {
            throw new MiniClusterException("expected " + node.name()
                    + " to be running when SQL is sent to it, but was down; start() it first");
        }
        return SqlConnection.open(
                node.name(),
                node.address(),
                node.database(),
                running.cluster().superuser(),
                running.statementTimeout());
    }

    @Override
    public void close() {
        connections.values().forEach(opened -> opened.connection().close());
    }
}
