package org.pgminicluster.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.runtime.Closing;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerFailedException;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.ServerProvider;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;

/**
 * Running servers of one topology that are lent to one cluster after the other, each with fresh databases: schema, seeds,
 * guards and publications come from template databases, slots and subscriptions are made anew. When such a cluster is
 * closed, all that it has made is dropped, and the servers run on.
 *
 * <pre>{@code
 * try (FreshDatabases shared = FreshDatabases.start(topology)) {
 *     try (MiniCluster first = shared.next("first").start()) { ... }
 *     try (MiniCluster second = shared.next("second").start()) { ... }
 * }
 * }</pre>
 *
 * <p>Of their own are databases with all that is in them, publications, subscriptions, slots, origins, guards, and faults
 * of links. Roles, other databases and sessions that a cluster makes are gone with it. What belongs to a server as a whole
 * is not of their own: its settings, changes of roles that it had before, tablespaces, the databases {@code postgres} and
 * {@code template1}, files of client programs; it stays for those who come after. Faults of a whole server are refused.
 */
@API(status = API.Status.MAINTAINED)
public final class FreshDatabases implements AutoCloseable, LentServers {

    private static final ServerLog.Mark BEGIN = new ServerLog.Mark(0);

    private final MiniCluster host;
    private final List<TemplateDatabases> nodes;
    private @Nullable String lentTo;
    private @Nullable ClusterRuntime guest;
    private boolean dirty;
    private boolean copiesKept;
    private volatile CompletableFuture<Void> ahead = CompletableFuture.completedFuture(null);
    private int count;

    private FreshDatabases(MiniCluster host, List<TemplateDatabases> nodes) {
        this.host = host;
        this.nodes = nodes;
    }

    private static void requireAlone(Topology topology) {
        if (!topology.standbys().isEmpty()) {
            throw new MiniClusterException("expected topology \"" + topology.name()
                    + "\" to have no standby when its clusters get fresh databases, but has "
                    + topology.standbys().stream().map(StandbySpec::name).toList()
                    + ", which are copies of whole servers; start it without freshDatabases");
        }
        topology.nodes().stream()
                .filter(node -> node.waitsFor().isPresent())
                .findFirst()
                .ifPresent(node -> {
                    throw new MiniClusterException("expected topology \"" + topology.name()
                            + "\" to let no commit wait for others when its clusters get fresh databases, but "
                            + node.name()
                            + " waits for " + node.waitsFor().orElse("")
                            + ", who comes and goes with them; start it without"
                            + " freshDatabases");
                });
    }

    /**
     * Starts servers for many clusters of a topology.
     *
     * @throws MiniClusterException if the topology has a standby or commits that wait for others, and as {@link MiniCluster#start} does
     */
    public static FreshDatabases start(Topology topology) {
        return start(MiniCluster.of(topology));
    }

    /**
     * The same with more said of the servers: {@link Starter#name} and {@link Starter#settings} are theirs, all else is said
     * of each cluster.
     */
    public static FreshDatabases start(Starter servers) {
        requireAlone(servers.topology());
        MiniCluster host = servers.untraced().bare().start();
        try {
            host.setUp().prepare();
            return new FreshDatabases(host, InParallel.map(host.runtime().members(), TemplateDatabases::of));
        } catch (RuntimeException e) {
            try {
                host.close();
            } catch (RuntimeException closing) {
                e.addSuppressed(closing);
            }
            throw e;
        }
    }

    /**
     * The next cluster, to be started: it has the servers until it is closed.
     *
     * @param name of its directory; see {@link Starter#name}
     */
    public Starter next(String name) {
        return new Starter(host.topology(), this).name(name);
    }

    /** Ends the servers; harmless when called twice. */
    @Override
    public void close() {
        host.close();
    }

    @Override
    public ClusterRuntime host() {
        return host.runtime();
    }

    @Override
    public ServerChoice choice(boolean withCopies) {
        return new ServerChoice(new Lender(withCopies), List.of(), "lent with fresh databases");
    }

    @Override
    public synchronized void guest(ClusterRuntime cluster) {
        guest = cluster;
    }

    @Override
    public void subscribe(SetUp setUp) {
        new CopiedAlready(setUp).subscribe();
        InParallel.map(nodes, node -> {
            node.awaitWalsenders(CopiedAlready.slotsOn(node.node().name(), host.topology()));
            return node;
        });
        makeAhead();
    }

    /** While one cluster has the servers, the databases of the next one are made; if that fails, they are made then. */
    private void makeAhead() {
        ahead = CompletableFuture.runAsync(
                () -> InParallel.toTheEnd(nodes, TemplateDatabases::makeAhead), FreshDatabases::inBackground);
    }

    private static void inBackground(Runnable task) {
        Thread thread = new Thread(task, "pg-minicluster ahead");
        thread.setDaemon(true);
        thread.start();
    }

    private void settle() {
        ahead.handle((made, failure) -> made).join();
    }

    private synchronized List<LentServer> lend(String name, boolean withCopies) {
        if (lentTo != null) {
            throw new MiniClusterException(
                    "expected the servers of " + host.topology().name()
                            + " to be free when they are lent to " + name + ", but " + lentTo
                            + " has them; close that first, and let nothing run in parallel that shares them");
        }
        host.runtime().members().forEach(node -> requireRunning(node, name));
        settle();
        if (dirty) {
            disconnect(host.runtime());
            clear(host.runtime(), "pg-minicluster: what was left is gone");
        }
        if (withCopies && !copiesKept) {
            copyOnce();
        }
        host.step(name, "It has the servers until it is closed.");
        List<LentServer> lent = host.runtime().members().stream()
                .map(node -> new LentServer(node.server()))
                .toList();
        make(withCopies);
        lentTo = name;
        return lent;
    }

    private static void requireRunning(Member node, String name) {
        if (!node.isRunning()) {
            throw new ServerFailedException(
                    node.name(),
                    "was expected to run when it is lent to " + name
                            + ", but does not; something else than this library has ended it",
                    node.log(),
                    null);
        }
    }

    private void make(boolean withCopies) {
        dirty = true;
        InParallel.map(nodes, node -> {
            node.make(withCopies);
            return node;
        });
    }

    /** Lets all subscriptions copy what they copy, and keeps the databases as they are then. */
    private void copyOnce() {
        host.step("copy", "What subscriptions copy when they begin is the same for all.");
        make(false);
        host.setUp().connect(true);
        host.awaitReplicated();
        unsubscribe(nodes, host.runtime());
        InParallel.toTheEnd(nodes, node -> {
            node.dropSlots();
            node.keepCopies();
        });
        copiesKept = true;
        clear(host.runtime(), "pg-minicluster: the copies are kept");
    }

    private synchronized void takeBack(List<LentServer> lent, Path logs) {
        String farewell = "pg-minicluster: cluster " + ++count + " is gone";
        ClusterRuntime last = guest == null ? host.runtime() : guest;
        lentTo = null;
        guest = null;
        Closing closing = new Closing();
        closing.attempt(() -> clear(last, farewell));
        lent.forEach(server -> closing.attempt(() -> keepLog(server, farewell, logs.resolve(server.name() + ".log"))));
        closing.finish();
    }

    /** First everywhere what follows others, since nobody's databases can be dropped while somebody follows them. */
    private void clear(ClusterRuntime cluster, String farewell) {
        dirty = true;
        List<TemplateDatabases> running =
                nodes.stream().filter(node -> node.node().isRunning()).toList();
        unsubscribe(running, cluster);
        settle();
        InParallel.toTheEnd(running, node -> {
            node.dropSlots();
            node.dropDatabases(farewell);
        });
        dirty = running.size() < nodes.size();
    }

    private static void unsubscribe(List<TemplateDatabases> nodes, ClusterRuntime cluster) {
        InParallel.toTheEnd(
                nodes, node -> node.dropSubscriptions(cluster.member(node.node().name())));
        disconnect(cluster);
    }

    private static void disconnect(ClusterRuntime cluster) {
        cluster.members().forEach(node -> cluster.disconnect(node.name()));
    }

    /** What a container has logged comes a moment later. */
    private void keepLog(LentServer server, String farewell, Path file) {
        ServerLog log = server.log();
        if (!dirty && !log.since(BEGIN).contains(farewell)) {
            host.awaitLog(host.node(server.name()), BEGIN, farewell);
        }
        try {
            Files.writeString(file, log.since(BEGIN));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.keepLog(new ServerLog(file));
    }

    /** Lends the servers as if it started them. */
    private final class Lender implements ServerProvider {
        private final boolean withCopies;

        Lender(boolean withCopies) {
            this.withCopies = withCopies;
        }

        @Override
        public ServerKind kind() {
            return host.servers();
        }

        @Override
        public String describe() {
            return "PostgreSQL " + host.runtime().versions();
        }

        @Override
        public ServerGroup open(String name, Path logDirectory) {
            return new Loan(name, logDirectory, withCopies);
        }
    }

    private final class Loan implements ServerGroup {
        private final String name;
        private final Path logs;
        private final boolean withCopies;
        private List<LentServer> lent = List.of();

        Loan(String name, Path logs, boolean withCopies) {
            this.name = name;
            this.logs = logs;
            this.withCopies = withCopies;
        }

        @Override
        public List<PgServer> start(List<ServerSpec> specs) {
            lent = lend(name, withCopies);
            return List.copyOf(lent);
        }

        @Override
        public void close() {
            if (!lent.isEmpty()) {
                takeBack(lent, logs);
                lent = List.of();
            }
        }
    }
}
