package org.pgminicluster.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.server.ServerKind;

/** The cluster that a keeper keeps, and all that is known of it. */
final class Kept {

    private final MiniCluster cluster;
    private final Home home;
    private final String since;
    private final Map<String, Handle> handles;
    private final OpenFaults open = new OpenFaults();
    private final FaultOrders faults;
    private final CountDownLatch ended = new CountDownLatch(1);
    private boolean closed;

    Kept(MiniCluster cluster, Home home, String since) {
        this.cluster = cluster;
        this.home = home;
        this.since = since;
        this.handles = Handle.ofAll(cluster);
        this.faults = new FaultOrders(cluster, handles, open);
    }

    /**
     * Where to connect to a node; asked for anew each time, since another port may be in use after a restart.
     *
     * @param running whether there is anything to connect to
     */
    record Address(String node, String host, int port, String database, boolean running) {}

    MiniCluster cluster() {
        return cluster;
    }

    Address[] addresses() {
        return cluster.nodes().stream().map(Kept::address).toArray(Address[]::new);
    }

    private static Address address(Node node) {
        return node.isRunning()
                ? new Address(node.name(), node.address().host(), node.address().port(), node.database(), true)
                : new Address(node.name(), "", 0, node.database(), false);
    }

    ClusterStatus status() {
        return StatusReader.read(cluster, since, open.status());
    }

    /** One after the other: two faults at once would tell each other's story. */
    synchronized int fault(Request request, Answer answer) {
        int exit = faults.carryOut(request, answer);
        writePassfile();
        return exit;
    }

    /** Any port: a container gets another one when it is started again. */
    void writePassfile() {
        Map<String, String> lines = new LinkedHashMap<>();
        for (Address address : addresses()) {
            if (address.running()) {
                lines.put(
                        address.host(),
                        address.host() + ":*:*:" + cluster.superuser().user() + ":"
                                + cluster.superuser().password());
            }
        }
        if (!lines.isEmpty()) {
            home.writePassfile(List.copyOf(lines.values()));
        }
    }

    /** Takes everything away, says what a person would have typed for it, and lets the keeper end. */
    void end(Answer answer) {
        handles.values().forEach(handle -> answer.typed(handle.remove()));
        if (cluster.servers() == ServerKind.CONTAINER) {
            answer.typed(Typed.shell("docker network rm $(docker network ls --quiet --filter label=org.pgminicluster="
                    + Home.NAME + ")"));
        }
        close();
        answer.line("Down: the servers are gone, with their data. Logs and journal stay in " + home.directory() + ".");
    }

    /** Harmless when called twice. */
    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            cluster.close();
        } finally {
            home.forget();
            ended.countDown();
        }
    }

    /** Returns when the cluster was closed. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }
}
