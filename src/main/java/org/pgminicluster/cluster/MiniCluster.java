package org.pgminicluster.cluster;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.JournalFile;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.script.Peers;
import org.pgminicluster.script.Script;
import org.pgminicluster.script.Step;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.PostgresVersion;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.process.ProcessServers;
import org.pgminicluster.topology.Topology;

/**
 * A running cluster of real PostgreSQL servers, set up as its topology says. Act on its {@link #node nodes}, await what
 * must come, look, and close it: everything that was made for it is then gone but the logs.
 *
 * <pre>{@code
 * try (MiniCluster cluster = MiniCluster.start(HomeworkTopology.create())) {
 *     cluster.node("vm1").execute("INSERT INTO test VALUES (1, 'one')");
 *     cluster.awaitConverged("test", "vm1", "vm2", "vm3");
 * }
 * }</pre>
 *
 * <p>Timeouts are 30 s for waits and statements, multiplied by {@code minicluster.timeout.scale}.
 */
public final class MiniCluster implements AutoCloseable {

    private static final Duration STATEMENT = Duration.ofSeconds(30);
    static final Duration WAIT = Duration.ofSeconds(30);
    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final Topology topology;
    private final ServerSettings settings;
    private final Journal journal;
    private final Path directory;
    private final Credentials superuser;
    private final Map<String, String> replicationPasswords;
    private final ServerGroup group;
    private final ServerKind kind;
    private final JournalFile journalFile;
    private final Nodes nodes;
    private final Peers peers;
    private final Waits waits;
    private final ReplicationWaits replicationWaits;
    private final Faults faults;
    private final Standbys standbys;
    private final Backups backups;
    private final Map<String, LoginRules> loginRules = new ConcurrentHashMap<>();
    private final Map<String, Node> detours = new ConcurrentHashMap<>();
    private final Tracer tracer = new Tracer(this);

    MiniCluster(
            Topology topology,
            ServerSettings settings,
            Journal journal,
            Path directory,
            Credentials superuser,
            Map<String, String> replicationPasswords,
            ServerGroup group,
            ServerKind kind,
            List<PgServer> servers,
            JournalFile journalFile) {
        this.topology = topology;
        this.settings = settings;
        this.journal = journal;
        this.directory = directory;
        this.superuser = superuser;
        this.replicationPasswords = Map.copyOf(replicationPasswords);
        this.group = group;
        this.kind = kind;
        this.journalFile = journalFile;
        this.nodes = new Nodes(this, servers);
        this.peers = new RunningPeers(nodes.byName());
        this.waits = new Waits(this);
        this.replicationWaits = new ReplicationWaits(waits);
        this.faults = new Faults(this);
        this.standbys = new Standbys(this);
        this.backups = new Backups(this);
    }

    /**
     * Starts a cluster as {@code -Dminicluster.servers} and {@code -Dminicluster.postgres} say, and returns when all
     * its servers run, the schema is made, every subscription is created, and every table of those that are enabled is
     * copied: what is written from now on is streamed. {@link Starter#unsynced()} has it before the copies are there.
     *
     * @throws org.pgminicluster.topology.InvalidTopologyException if the version cannot do what the topology asks
     * @throws org.pgminicluster.EnvironmentException if this machine cannot run such servers
     * @throws MiniClusterException if a server does not start or refuses a step; nothing is left behind
     * @throws WaitFailedException with the evidence if a copy does not come to its end; nothing is left behind
     */
    public static MiniCluster start(Topology topology) {
        return of(topology).start();
    }

    /** For more say in how the cluster is started. */
    public static Starter of(Topology topology) {
        return new Starter(topology);
    }

    /**
     * What a cluster would run in if it was started with these settings; no server is started to find that out, but a
     * container engine may be asked for the image.
     */
    public static ServerKind serverKind(ServerSettings settings) {
        return ServerChoice.choose(settings).provider().kind();
    }

    /**
     * Why a client program such as {@code pg_dump} could not be run for the nodes of a cluster that was started with these
     * settings, as the rest of a sentence that begins with "needs"; empty if it can, as far as can be told before a server
     * runs. An image brings its own programs.
     */
    public static Optional<String> whyLacking(ServerSettings settings, ServerKind kind, String program) {
        return kind == ServerKind.PROCESS ? ProcessServers.whyLacking(settings, program) : Optional.empty();
    }

    /**
     * The node of that name, seen through the topology's database.
     *
     * @throws org.pgminicluster.topology.InvalidTopologyException listing the known names if there is none
     */
    public Node node(String name) {
        Node node = nodes.get(name);
        if (node == null) {
            throw topology.unknown(name);
        }
        return node;
    }

    /** All nodes in the topology's order, standbys last. */
    public List<Node> nodes() {
        return nodes.all();
    }

    public Topology topology() {
        return topology;
    }

    /** What has happened so far. */
    public Journal journal() {
        return journal;
    }

    /** What the servers run in. */
    public ServerKind servers() {
        return kind;
    }

    /** The version that the first node reported. */
    public PostgresVersion version() {
        return nodes().get(0).version();
    }

    /** Where this cluster's logs and its journal, {@code journal.jsonl}, are; it stays when the cluster is closed. */
    public Path directory() {
        return directory;
    }

    /**
     * Makes a subscription of the topology anew, with everything that it copies: the way back after its slot was dropped
     * or lost, when what was committed in the meantime can be had in no other way. Its tables on the subscriber are
     * emptied first. Returns when everything is copied.
     *
     * @throws MiniClusterException if the topology has no such subscription, or it does not copy data
     */
    public void reseed(Node subscriber, String subscription) {
        new Reseed(this, subscriber, subscription).run();
    }

    /** To break something on purpose, for as long as a block lasts. */
    public Faults faults() {
        return faults;
    }

    /** The physical standbys: who follows whom, and how one takes over. */
    public Standbys standbys() {
        return standbys;
    }

    /** Dumps, base backups and what is restored from them. */
    public Backups backups() {
        return backups;
    }

    /** Lets a standby take over from its primary; see {@link Standbys#failOver}. */
    public Failover failOver(String from, String to) {
        return standbys.failOver(node(from), node(to));
    }

    /** Both ends of every subscription, and the end of each log, as they are now. */
    public ClusterSnapshot snapshot() {
        return SnapshotReader.read(this);
    }

    /** Waits until every table of every enabled subscription has been copied. */
    public void awaitSynced() {
        links(WAIT, synced -> {}).forEach(link -> replicationWaits.synced(link, WAIT));
    }

    /**
     * Waits until every table of every enabled subscription has been copied, everything committed until now on the
     * publishers has been applied, and standbys have replayed it. What goes on through a chain of nodes is awaited link
     * by link, from its source on.
     *
     * @throws WaitFailedException with the evidence if that does not come
     */
    public void awaitReplicated() {
        awaitReplicated(WAIT);
    }

    /** The same, with a timeout of its own for each subscription's copy and catching up, which is scaled. */
    public void awaitReplicated(Duration atMost) {
        Set<Link> synced = new HashSet<>();
        replicationWaits.replicated(links(atMost, synced::add), synced, atMost);
    }

    /**
     * The same for one subscription.
     *
     * @throws WaitFailedException with the evidence if that does not come
     * @throws MiniClusterException listing the known ones if there is no such subscription
     */
    public void awaitReplicated(Node subscriber, String subscription) {
        awaitReplicated(subscriber, subscription, WAIT);
    }

    /** The same, with a timeout of its own for the copy and for catching up, which is scaled. */
    public void awaitReplicated(Node subscriber, String subscription, Duration atMost) {
        Link link = asked(subscriber, atMost, () -> Link.named(this, subscriber, subscription));
        replicationWaits.replicated(List.of(link), Set.of(), atMost);
    }

    /**
     * Waits until a table has the same rows on all of these nodes.
     *
     * @param table named as {@link org.pgminicluster.topology.TableName#of} reads it
     * @throws WaitFailedException saying which rows are missing where
     */
    public void awaitConverged(String table, String... nodeNames) {
        awaitConverged(table, WAIT, nodeNames);
    }

    /** The same, with a timeout of its own, which is scaled. */
    public void awaitConverged(String table, Duration atMost, String... nodeNames) {
        List<Node> compared = Arrays.stream(nodeNames).map(this::node).toList();
        List<NodeTable> tables =
                compared.stream().map(node -> node.table(table).quietly()).toList();
        waits.until("table " + table + " to be equal on " + String.join(", ", nodeNames), atMost, compared, () -> {
            String difference = Convergence.difference(tables);
            return difference.isEmpty() ? new Probe.Met("equal") : new Probe.NotYet(difference);
        });
    }

    /**
     * Waits until what is committed now has been applied by every enabled subscription between these nodes, and then the
     * table has the same rows on all of them. Other nodes may be down.
     *
     * @param atMost for both together, scaled
     * @throws WaitFailedException saying what is not applied, or which rows are missing where
     */
    public void awaitReplicatedAndConverged(String table, Duration atMost, String... nodeNames) {
        long start = System.nanoTime();
        for (Link link : UpstreamFirst.order(Link.between(this, List.of(nodeNames)))) {
            replicationWaits.synced(link, left(atMost, start));
            replicationWaits.caughtUp(link, left(atMost, start));
        }
        awaitConverged(table, left(atMost, start), nodeNames);
    }

    /** What is left of a timeout before it is scaled; never nothing, so that there is always a look. */
    private Duration left(Duration atMost, long start) {
        long spent = Math.round((System.nanoTime() - start) / settings.timeoutScale());
        Duration left = atMost.minusNanos(spent);
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    /**
     * How the rows of a table differ now on these nodes, a line for each node that differs from the first; empty if they
     * are equal.
     */
    public Optional<String> currentDifference(String table, String... nodeNames) {
        String difference = Convergence.difference(Arrays.stream(nodeNames)
                .map(name -> node(name).table(table).quietly())
                .toList());
        return Optional.of(difference).filter(text -> !text.isEmpty());
    }

    /**
     * Waits until a query on a node returns one value that equals {@code expected} in PostgreSQL's text form.
     *
     * @throws WaitFailedException with the last result
     */
    public void awaitValue(Node node, String query, Object expected) {
        awaitValue(node, query, expected, WAIT);
    }

    /** The same, with a timeout of its own, which is scaled. */
    public void awaitValue(Node node, String query, Object expected, Duration atMost) {
        String wanted = Row.of(expected).text(0);
        waits.until(
                "\"" + query.strip() + "\" on " + node.name() + " to return " + wanted, atMost, List.of(node), () -> {
                    Rows rows = node.look(query);
                    boolean equal = rows.size() == 1
                            && wanted.equals(rows.values().get(0).get(0));
                    return Probe.of(
                            equal, rows.isEmpty() ? "no row" : rows.column().toString());
                });
    }

    /**
     * Waits until a node has logged a text after the mark.
     *
     * @throws WaitFailedException with the log since the mark
     */
    public void awaitLog(Node node, ServerLog.Mark mark, String text) {
        awaitLog(node, mark, text, WAIT);
    }

    /** The same, with a timeout of its own, which is scaled. */
    public void awaitLog(Node node, ServerLog.Mark mark, String text, Duration atMost) {
        waits.until("\"" + text + "\" in the log of " + node.name(), atMost, List.of(), () -> {
            String since = node.log().since(mark);
            return Probe.of(since.contains(text), since.isBlank() ? "nothing logged" : since.strip());
        });
    }

    /**
     * Waits for anything else.
     *
     * @param what what is waited for, as the end of the sentence "waited for ..."
     * @param seen what there is to see now, and whether that is it
     * @param needed nodes without which it cannot come
     * @throws WaitFailedException with what was last seen
     */
    public void await(String what, Supplier<Seen> seen, Node... needed) {
        await(what, WAIT, seen, needed);
    }

    /** The same, with a timeout of its own, which is scaled. */
    public void await(String what, Duration atMost, Supplier<Seen> seen, Node... needed) {
        waits.until(what, atMost, Arrays.asList(needed), () -> {
            Seen now = seen.get();
            return Probe.of(now.enough(), now.text());
        });
    }

    /** What a look has shown, and whether it is what was waited for. */
    public record Seen(boolean enough, String text) {}

    /**
     * Undoes the {@link #faults faults} that are still open, the last one first, and again those for which another one was
     * in the way, then takes every server and all that was made for it away; harmless when called twice, and not cut short by an interrupt. The logs and the journal stay.
     *
     * @throws MiniClusterException the first thing that went wrong, after all else was tried; the others are suppressed
     */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted();
        try {
            Closing closing = new Closing();
            closing.attempt(tracer::close);
            closing.attempt(standbys::close);
            closing.attempt(faults::undoAll);
            nodes.withViews().forEach(view -> closing.attempt(view::disconnectIdle));
            closing.attempt(group::close);
            closing.attempt(faults::abandonAll);
            // Only now that the servers are gone: what still went on has ended with them.
            nodes.withViews().forEach(view -> closing.attempt(view::disconnect));
            closing.attempt(journalFile::close);
            closing.finish();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Every enabled subscription that has a slot; those that feed others come first. */
    private List<Link> links(Duration atMost, Consumer<Link> synced) {
        return UpstreamFirst.order(nodes().stream()
                .flatMap(node -> asked(node, atMost, () -> Link.ofNode(this, node, synced)).stream())
                .toList());
    }

    /** What a node says of its subscriptions; one that is gone is no reason to wait for fewer. */
    private <T> T asked(Node subscriber, Duration atMost, Supplier<T> look) {
        return waits.read(subscriber.name() + " to say what it subscribes to", atMost, List.of(subscriber), look);
    }

    SetUp setUp() {
        return new SetUp(this, replicationPasswords);
    }

    Tracer tracer() {
        return tracer;
    }

    ServerSettings settings() {
        return settings;
    }

    /** The role by which this JVM logs in; its password is for clients of one's own, such as psql. */
    public Credentials superuser() {
        return superuser;
    }

    Peers peers() {
        return peers;
    }

    Waits waits() {
        return waits;
    }

    ReplicationWaits replicationWaits() {
        return replicationWaits;
    }

    /** Who may log in to a node. */
    LoginRules loginRules(Node node) {
        return loginRules.computeIfAbsent(node.name(), name -> new LoginRules(this, node(name)));
    }

    /** The nodes behind relays, by the relays' addresses. */
    Map<String, Node> detours() {
        return detours;
    }

    /** The passwords of the logins that this cluster made, by role. */
    Map<String, String> replicationPasswords() {
        return replicationPasswords;
    }

    Duration statementTimeout() {
        return settings.scaled(STATEMENT);
    }

    Node view(Node node, String database) {
        return nodes.view(node, database);
    }

    /** Drops cached connections to a node that has gone. */
    void disconnect(String name) {
        nodes.withViews().stream().filter(view -> view.name().equals(name)).forEach(Node::disconnect);
    }

    /** The databases that the topology gives a node. */
    List<String> databasesOf(String name) {
        return topology.described(name).databases().stream()
                .map(database -> database.name())
                .toList();
    }

    @Override
    public String toString() {
        return topology + " in " + directory;
    }

    /** The steps that set a cluster of this topology up, as they are rendered for its running servers. */
    public Script script() {
        return Script.of(topology, peers, version().major());
    }

    /**
     * Carries one step of the {@link #script()} out, for those who started the cluster {@link Starter#bare() bare}.
     *
     * @throws MiniClusterException if the node refuses; if a subscription cannot get its slot, naming who holds it up
     */
    public void carryOut(Step step) {
        setUp().carryOut(step);
    }

    /** Notes that a chapter begins; for those who tell a story. */
    public void step(String title, String why) {
        journal.add(null, new Event.Step(title, why));
    }
}
