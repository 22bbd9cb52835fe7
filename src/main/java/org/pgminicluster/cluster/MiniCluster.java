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
import org.apiguardian.api.API;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.backup.Backups;
import org.pgminicluster.fault.Faults;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.JournalFile;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.Closing;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.runtime.NodeTable;
import org.pgminicluster.runtime.ReplicationWaits;
import org.pgminicluster.runtime.UpstreamFirst;
import org.pgminicluster.script.Script;
import org.pgminicluster.script.Step;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.PostgresVersion;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.attached.Attached;
import org.pgminicluster.server.process.ProcessServers;
import org.pgminicluster.standby.Failover;
import org.pgminicluster.standby.Standbys;
import org.pgminicluster.state.ClusterState;
import org.pgminicluster.topology.Topology;
import org.pgminicluster.trace.Layouts;
import org.pgminicluster.trace.Tracer;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.Waits;

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
@API(status = API.Status.MAINTAINED)
public final class MiniCluster implements AutoCloseable {

    private static final Duration SHORTEST = Duration.ofMillis(1);

    private final ClusterRuntime runtime;
    private final ServerGroup group;
    private final JournalFile journalFile;
    private final Map<Member, Node> nodes = new ConcurrentHashMap<>();
    private final Waits waits;
    private final ReplicationWaits replicationWaits;
    private final Faults faults;
    private final Standbys standbys;
    private final Backups backups;
    private final Tracer tracer;
    private volatile Runnable takeBack = () -> {};

    MiniCluster(ClusterRuntime runtime, ServerGroup group, JournalFile journalFile) {
        this.runtime = runtime;
        this.group = group;
        this.journalFile = journalFile;
        this.waits = runtime.waits();
        this.replicationWaits = new ReplicationWaits(waits);
        this.faults = new Faults(runtime);
        this.standbys = new Standbys(runtime, faults);
        this.backups = new Backups(runtime);
        this.tracer = new Tracer(runtime);
    }

    /**
     * Starts a cluster as {@code -Dminicluster.servers} and {@code -Dminicluster.postgres} say, and returns when all
     * its servers run, the schema is made, every subscription is created, and every table of those that are enabled is
     * copied: what is written from now on is streamed. {@link Starter#unsynced()} has it before the copies are there.
     *
     * @throws org.pgminicluster.topology.InvalidTopologyException if the version cannot do what the topology asks
     * @throws org.pgminicluster.EnvironmentException if this machine cannot run such servers
     * @throws MiniClusterException if a server does not start or refuses a step; nothing is left behind
     * @throws org.pgminicluster.wait.WaitFailedException with the evidence if a copy does not come to its end; nothing is left behind
     */
    public static MiniCluster start(Topology topology) {
        return of(topology).start();
    }

    /**
     * Applies a topology to servers that run already, wherever they are, and returns as {@link #start} does; see {@link
     * Starter#attach}.
     *
     * @param servers one for each node and standby, by its name
     */
    public static MiniCluster attach(Topology topology, Map<String, Attached> servers) {
        return of(topology).attach(servers);
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
        return nodeOf(runtime.member(name));
    }

    Node nodeOf(Member member) {
        return nodes.computeIfAbsent(member, seen -> new Node(this, seen));
    }

    /** All nodes in the topology's order, standbys last. */
    public List<Node> nodes() {
        return runtime.members().stream().map(this::nodeOf).toList();
    }

    public Topology topology() {
        return runtime.topology();
    }

    /** What has happened so far. */
    public Journal journal() {
        return runtime.journal();
    }

    /** What the servers run in. */
    public ServerKind servers() {
        return runtime.servers();
    }

    /**
     * The version that the cluster's nodes reported: the first of those of which the topology says nothing else. Where nodes
     * run different ones, each node's is {@link Node#version()}.
     */
    public PostgresVersion version() {
        return runtime.version();
    }

    /** The version of all servers, or of each if they differ, such as {@code 13.23 on old, 16.15 on new}. */
    public String versions() {
        return runtime.versions();
    }

    /** Where this cluster's logs and its journal, {@code journal.jsonl}, are; it stays when the cluster is closed. */
    public Path directory() {
        return runtime.directory();
    }

    /**
     * Makes a subscription of the topology anew, with everything that it copies: the way back after its slot was dropped
     * or lost, when what was committed in the meantime can be had in no other way. Its tables on the subscriber are
     * emptied first. Returns when everything is copied.
     *
     * @throws MiniClusterException if the topology has no such subscription, or it does not copy data
     */
    public void reseed(Node subscriber, String subscription) {
        new Reseed(setUp(), subscriber.member(), subscription).run();
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
    public ClusterState snapshot() {
        return runtime.snapshot();
    }

    /** Waits until every table of every enabled subscription has been copied. */
    public void awaitSynced() {
        awaitSynced(Waits.USUAL);
    }

    /** The same, with a timeout of its own for each subscription, which is scaled. */
    public void awaitSynced(Duration atMost) {
        links(atMost, synced -> {}).forEach(link -> replicationWaits.synced(link, atMost));
    }

    /**
     * Waits until every table of every enabled subscription has been copied, everything committed until now on the
     * publishers has been applied, and standbys have replayed it. What goes on through a chain of nodes is awaited link
     * by link, from its source on.
     *
     * @throws org.pgminicluster.wait.WaitFailedException with the evidence if that does not come
     */
    public void awaitReplicated() {
        awaitReplicated(Waits.USUAL);
    }

    /** The same, with a timeout of its own for each subscription's copy and catching up, which is scaled. */
    public void awaitReplicated(Duration atMost) {
        Set<Link> synced = new HashSet<>();
        replicationWaits.replicated(links(atMost, synced::add), synced, atMost);
    }

    /**
     * The same for one subscription.
     *
     * @throws org.pgminicluster.wait.WaitFailedException with the evidence if that does not come
     * @throws MiniClusterException listing the known ones if there is no such subscription
     */
    public void awaitReplicated(Node subscriber, String subscription) {
        awaitReplicated(subscriber, subscription, Waits.USUAL);
    }

    /** The same, with a timeout of its own for the copy and for catching up, which is scaled. */
    public void awaitReplicated(Node subscriber, String subscription, Duration atMost) {
        Member member = subscriber.member();
        Link link = asked(member, atMost, () -> Link.named(runtime, member, subscription));
        replicationWaits.replicated(List.of(link), Set.of(), atMost);
    }

    /**
     * Waits until a table has the same rows on all of these nodes.
     *
     * @param table named as {@link org.pgminicluster.topology.TableName#of} reads it
     * @throws org.pgminicluster.wait.WaitFailedException saying which rows are missing where
     */
    public void awaitConverged(String table, String... nodeNames) {
        awaitConverged(table, Waits.USUAL, nodeNames);
    }

    /** The same, with a timeout of its own, which is scaled. */
    public void awaitConverged(String table, Duration atMost, String... nodeNames) {
        awaitConverged(table, atMost, named(nodeNames));
    }

    /** The same of nodes, each seen through a database of its own: {@code node.in("other")}. */
    public void awaitConverged(String table, Duration atMost, Node... compared) {
        List<Member> members = Arrays.stream(compared).map(Node::member).toList();
        List<NodeTable> tables = quietly(table, compared);
        waits.until(WaitFor.equalRows(table, Convergence.names(members)), atMost, members, () -> {
            Optional<Words> difference = Convergence.difference(tables);
            return Seen.of(difference.isEmpty(), difference.orElse(Words.of("seen.equal")));
        });
    }

    /**
     * Waits until what is committed now has been applied by every enabled subscription between these nodes, and then the
     * table has the same rows on all of them. Other nodes may be down.
     *
     * @param atMost for both together, scaled
     * @throws org.pgminicluster.wait.WaitFailedException saying what is not applied, or which rows are missing where
     */
    public void awaitReplicatedAndConverged(String table, Duration atMost, String... nodeNames) {
        awaitReplicatedAndConverged(table, atMost, named(nodeNames));
    }

    /** The same of nodes, each seen through a database of its own: {@code node.in("other")}. */
    public void awaitReplicatedAndConverged(String table, Duration atMost, Node... compared) {
        long start = System.nanoTime();
        List<String> names = Arrays.stream(compared).map(Node::name).distinct().toList();
        for (Link link : UpstreamFirst.order(Link.between(runtime, names))) {
            replicationWaits.synced(link, left(atMost, start));
            replicationWaits.caughtUp(link, left(atMost, start));
        }
        awaitConverged(table, left(atMost, start), compared);
    }

    private Node[] named(String... nodeNames) {
        return Arrays.stream(nodeNames).map(this::node).toArray(Node[]::new);
    }

    private static List<NodeTable> quietly(String table, Node... compared) {
        return Arrays.stream(compared).map(node -> node.table(table).quietly()).toList();
    }

    /** What is left of a timeout before it is scaled; never nothing, so that there is always a look. */
    private Duration left(Duration atMost, long start) {
        long spent = Math.round((System.nanoTime() - start) / runtime.settings().timeoutScale());
        Duration left = atMost.minusNanos(spent);
        return left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
    }

    /**
     * How the rows of a table differ now on these nodes, a line for each node that differs from the first; empty if they
     * are equal.
     */
    public Optional<String> currentDifference(String table, String... nodeNames) {
        return currentDifference(table, named(nodeNames));
    }

    /** The same of nodes, each seen through a database of its own. */
    public Optional<String> currentDifference(String table, Node... compared) {
        return Convergence.difference(quietly(table, compared)).map(Words::toString);
    }

    /**
     * Waits until a query on a node returns one value that equals {@code expected} in PostgreSQL's text form.
     *
     * @throws org.pgminicluster.wait.WaitFailedException with the last result
     */
    public void awaitValue(Node node, String query, Object expected) {
        awaitValue(node, query, expected, Waits.USUAL);
    }

    /** The same, with a timeout of its own, which is scaled. */
    public void awaitValue(Node node, String query, Object expected, Duration atMost) {
        node.member().awaitValue(query, Row.of(expected).text(0), atMost);
    }

    /**
     * Waits until a node has logged a text after the mark.
     *
     * @throws org.pgminicluster.wait.WaitFailedException with the log since the mark; early if a replication worker on
     *     that node fails again and again by something else
     */
    public void awaitLog(Node node, ServerLog.Mark mark, String text) {
        awaitLog(node, mark, text, Waits.USUAL);
    }

    /** The same, with a timeout of its own, which is scaled. */
    public void awaitLog(Node node, ServerLog.Mark mark, String text, Duration atMost) {
        waits.untilLogged(WaitFor.logged(text, node.name()), atMost, node.member(), () -> {
            String since = node.log().since(mark);
            return Seen.of(
                    since.contains(text),
                    since.isBlank() ? Words.of("seen.nothing-logged") : Words.verbatim(since.strip()));
        });
    }

    /**
     * Waits for anything else.
     *
     * @param what what is waited for, as the end of the sentence "waited for ..."
     * @param seen what there is to see now, and whether that is it
     * @param needed nodes without which it cannot come
     * @throws org.pgminicluster.wait.WaitFailedException with what was last seen
     */
    public void await(String what, Supplier<Seen> seen, Node... needed) {
        await(what, Waits.USUAL, seen, needed);
    }

    /** The same, with a timeout of its own, which is scaled. */
    public void await(String what, Duration atMost, Supplier<Seen> seen, Node... needed) {
        waits.until(
                WaitFor.own(what),
                atMost,
                Arrays.stream(needed).map(Node::member).toList(),
                seen);
    }

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
            closing.attempt(takeBack);
            runtime.withViews().forEach(view -> closing.attempt(view::disconnectIdle));
            closing.attempt(group::close);
            closing.attempt(faults::abandonAll);
            // Only now that the servers are gone: what still went on has ended with them.
            runtime.withViews().forEach(view -> closing.attempt(view::disconnect));
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
        return UpstreamFirst.order(runtime.members().stream()
                .flatMap(node -> asked(node, atMost, () -> Link.ofNode(runtime, node, synced)).stream())
                .toList());
    }

    /** What a node says of its subscriptions; one that is gone is no reason to wait for fewer. */
    private <T> T asked(Member subscriber, Duration atMost, Supplier<T> look) {
        return waits.read(WaitFor.subscriptionsOf(subscriber.name()), atMost, List.of(subscriber), look);
    }

    /** What is to be done with what was made on servers that go on. */
    void takeBackBy(Runnable other) {
        takeBack = other;
    }

    SetUp setUp() {
        return new SetUp(runtime, standbys);
    }

    /**
     * Records from now on what pictures of the run need, as {@link Starter#traced()} does from the start: for servers on which
     * the topology's database had to be made first.
     */
    @API(status = API.Status.INTERNAL)
    public void trace() {
        journal().add(null, Layouts.of(runtime));
        tracer.start();
    }

    Tracer tracer() {
        return tracer;
    }

    ClusterRuntime runtime() {
        return runtime;
    }

    /** The role by which this JVM logs in; its password is for clients of one's own, such as psql. */
    public Credentials superuser() {
        return runtime.superuser();
    }

    @Override
    public String toString() {
        return runtime.topology() + " in " + runtime.directory();
    }

    /** The steps that set a cluster of this topology up, as they are rendered for its running servers. */
    public Script script() {
        return runtime.script();
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
        runtime.journal().add(null, new Event.Step(title, why));
    }
}
