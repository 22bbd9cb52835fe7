package org.pgminicluster.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cli.byhand.BackupByHand;
import org.pgminicluster.cli.byhand.ByHand;
import org.pgminicluster.cli.byhand.ServerByHand;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.lab.practice.PracticeLesson;
import org.pgminicluster.server.ServerSettings;

/** The cluster that a daemon owns, and all that is known of it. */
final class RunningCluster {

    /** As for the statements of a test. */
    private static final Duration STATEMENT = Duration.ofSeconds(30);

    private final MiniCluster cluster;
    private final ServerSettings settings;
    private final ClusterDirectory directory;
    private final String since;
    private final ByHand byHand;
    private final OpenFaults open = new OpenFaults();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final @Nullable PracticeLesson lesson;
    private final Set<String> archived = new HashSet<>();
    private @Nullable BesideServer beside;
    private boolean closed;

    RunningCluster(MiniCluster cluster, ServerSettings settings, String since) {
        this(cluster, settings, since, null);
    }

    /** @param lesson what it is made ready for; null if for none, or for the homework */
    RunningCluster(MiniCluster cluster, ServerSettings settings, String since, @Nullable PracticeLesson lesson) {
        this.lesson = lesson;
        this.cluster = cluster;
        this.settings = settings;
        this.directory = ClusterDirectory.in(settings);
        this.since = since;
        this.byHand = new ByHand(cluster);
    }

    /**
     * Where to connect to a node; asked for anew each time, since another port may be in use after a restart.
     *
     * @param host where this machine reaches it; empty if it does not run
     * @param port the same
     * @param running whether there is anything to connect to
     * @param user the superuser, whose password is in the passfile
     * @param peerHost where the other nodes reach it, running or not
     * @param peerPort the same
     */
    record Address(
            String node,
            String host,
            int port,
            String database,
            boolean running,
            String user,
            String peerHost,
            int peerPort) {

        Address in(String otherDatabase) {
            return new Address(node, host, port, otherDatabase, running, user, peerHost, peerPort);
        }
    }

    MiniCluster cluster() {
        return cluster;
    }

    ClusterDirectory directory() {
        return directory;
    }

    /** The faults that were made by hand. */
    OpenFaults open() {
        return open;
    }

    /** How long a statement that somebody types may take. */
    Duration statementTimeout() {
        return settings.scaled(STATEMENT);
    }

    /** @throws CommandException with the nearest ones if there is no such node */
    Node node(String name) {
        List<String> names = cluster.nodes().stream().map(Node::name).toList();
        if (!names.contains(name)) {
            throw Nearest.unknown("the node", name, names);
        }
        return cluster.node(name);
    }

    /** The same as a person sees it who types. */
    ByHand byHand() {
        return byHand;
    }

    /** The settings that its servers were started with. */
    ServerSettings settings() {
        return settings;
    }

    /** A node, or the server beside. */
    Node server(String name) {
        return beside().filter(it -> name.equals(BesideServer.NAME))
                .map(BesideServer::node)
                .orElseGet(() -> node(name));
    }

    /** The server beside the cluster, if there is one. */
    synchronized Optional<BesideServer> beside() {
        return Optional.ofNullable(beside);
    }

    synchronized void requireNothingBeside() {
        if (beside != null) {
            throw new MiniClusterException("expected no server to be beside the cluster, but " + BesideServer.NAME
                    + " is; minicluster pitr end ends it");
        }
    }

    synchronized void beside(BesideServer started) {
        if (closed) {
            throw new MiniClusterException("the cluster was closed meanwhile");
        }
        beside = started;
    }

    synchronized void endBeside() {
        if (beside != null) {
            beside.close();
            beside = null;
        }
    }

    /** That node is known to have archived WAL. */
    void archived(String node) {
        archived.add(node);
    }

    boolean hasArchived(String node) {
        return archived.contains(node);
    }

    /** How a person backs that node up. */
    BackupByHand backupByHand(String node) {
        return backupByHand(byHand.server(node), cluster.node(node));
    }

    BackupByHand backupByHand(BesideServer server) {
        return backupByHand(server.byHand(), server.node());
    }

    private BackupByHand backupByHand(ServerByHand server, Node node) {
        return new BackupByHand(
                server,
                node.address(),
                cluster.superuser().user(),
                directory.passfile().toString());
    }

    Address[] addresses() {
        List<Node> all = new ArrayList<>(cluster.nodes());
        beside().map(BesideServer::node).ifPresent(all::add);
        return all.stream().map(RunningCluster::address).toArray(Address[]::new);
    }

    private static Address address(Node node) {
        boolean running = node.isRunning();
        org.pgminicluster.server.Address peer = node.member().server().peerAddress();
        return new Address(
                node.name(),
                running ? node.address().host() : "",
                running ? node.address().port() : 0,
                node.database(),
                running,
                node.user(),
                peer.host(),
                peer.port());
    }

    Optional<PracticeLesson> lesson() {
        return Optional.ofNullable(lesson);
    }

    /** What stands in braces in the texts of lessons: where other nodes reach each one, and by what they connect. */
    Map<String, String> places() {
        Map<String, String> places = new LinkedHashMap<>();
        for (Address address : addresses()) {
            places.put(address.node() + ".host", address.peerHost());
            places.put(address.node() + ".port", Integer.toString(address.peerPort()));
        }
        for (Node node : cluster.nodes()) {
            cluster.nodes().stream()
                    .filter(other -> cluster.topology().described(node.name()).follows(other.name()))
                    .forEach(other -> places.put(
                            node.name() + ".to." + other.name(),
                            node.conninfoTo(other, "x").replaceFirst(" application_name=x$", "")));
        }
        return places;
    }

    ClusterStatus status() {
        return StatusReader.read(cluster, since, open.status());
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
            directory.writePassfile(List.copyOf(lines.values()));
        }
    }

    /** Harmless when called twice. */
    synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            endBeside();
            cluster.close();
        } finally {
            directory.forget();
            ended.countDown();
        }
    }

    /** Returns when the cluster was closed. */
    void awaitEnd() throws InterruptedException {
        ended.await();
    }
}
