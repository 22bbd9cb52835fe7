package org.pgminicluster.cluster;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Event;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.script.Roles;
import org.pgminicluster.script.Slots;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.Step;
import org.pgminicluster.server.BaseBackup;
import org.pgminicluster.topology.StandbySpec;

/**
 * The physical standbys of a cluster: which node follows which, how one takes over, and how the old primary comes back.
 *
 * <pre>{@code
 * Topology topology = HomeworkTopology.withGuardedStandby();
 * try (MiniCluster cluster = MiniCluster.start(topology)) {
 *     cluster.node("vm3").kill();
 *     cluster.failOver("vm3", "vm4");
 *     cluster.standbys().rejoin(cluster.node("vm3"));
 * }
 * }</pre>
 *
 * @see <a href="https://www.postgresql.org/docs/13/high-availability.html">High Availability</a>
 */
public final class Standbys {

    /** What {@code pg_rewind} needs of the server that it copies from, beyond a login. */
    private static final String MAY_REWIND = "GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean),"
            + " pg_stat_file(text, boolean), pg_read_binary_file(text),"
            + " pg_read_binary_file(text, bigint, bigint, boolean) TO ";

    private static final String DROP_OLD_SLOTS =
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active";

    /** Before, it was counted in segments. */
    private static final int WAL_KEEP_SIZE = 13;

    private final MiniCluster cluster;
    private final boolean any;
    /** By standby. */
    private final Map<String, String> primaries = new ConcurrentHashMap<>();
    /** By the node that was failed over from. */
    private final Map<String, Fenced> fenced = new ConcurrentHashMap<>();

    private final Map<String, GuardSlots> guards = new ConcurrentHashMap<>();
    private @Nullable GuardKeeper keeper;

    /** A node that must not be a primary any more, and the roles that its publishers refuse for that. */
    record Fenced(String successor, boolean guarded, Map<Node, Set<String>> refused) {}

    Standbys(MiniCluster cluster) {
        this.cluster = cluster;
        this.any = !cluster.topology().standbys().isEmpty();
    }

    /** Whether the topology has a standby at all. */
    boolean hasAny() {
        return any;
    }

    /** The node that a standby follows; empty if the node is no standby, or none any more. */
    public Optional<Node> primaryOf(Node standby) {
        return Optional.ofNullable(primaries.get(standby.name())).map(cluster::node);
    }

    /**
     * Waits until a standby has replayed all that its primary has written by now.
     *
     * @throws WaitFailedException with the evidence if it does not come so far
     * @throws MiniClusterException if the node follows no primary
     */
    public void awaitReplayed(Node standby) {
        awaitReplayed(standby, MiniCluster.WAIT);
    }

    /** The same, with a timeout of its own, which is scaled. */
    public void awaitReplayed(Node standby, Duration atMost) {
        cluster.replicationWaits().caughtUp(link(standby), atMost);
    }

    /** How a standby follows its primary. */
    Link link(Node standby) {
        return Link.physical(cluster, standby)
                .orElseThrow(() -> new MiniClusterException("expected " + standby.name()
                        + " to be a standby of a node of this cluster, but was not; standbys are "
                        + primaries.keySet()));
    }

    /** Makes a standby of a fresh server by a base backup, as its topology says. */
    void make(Node standby, Step.BaseBackup step) {
        StandbySpec spec = cluster.topology().standby(standby.name()).orElseThrow();
        follow(
                standby,
                cluster.node(step.primary()),
                BaseBackup.following(step.conninfo().toString(), step.slot()));
        if (spec.guarded()) {
            guard(standby);
        }
    }

    /**
     * Lets a standby take over from its primary.
     *
     * <p>Guarded, if the topology says so of the standby: the publishers refuse the old primary and end its walsenders,
     * the standby is promoted, and its subscriptions go on from the guard slots, which have all that it had not replayed.
     * Nothing is lost, however far it lagged. Then the old primary's slots are dropped. A subscription that is disabled is
     * led to its guard slot too, and stays disabled. Replay must not be paused, delayed or blocked, since the promotion
     * would go on with it unseen. What the old primary may have done with its subscriptions and the standby has not
     * replayed cannot be carried over, and is a reason to refuse: one that it has enabled, made, or set to other
     * publications, a table that it has added or copied again; or a subscription or guard slot that was made anew, so
     * that nobody knows where to go on.
     *
     * <p>Plain otherwise: the old primary must be down; the publishers' stale walsenders of it are ended, the standby is
     * promoted, and its subscriptions go on where the old primary had confirmed. What the standby had not got by then is
     * lost, and no error says so.
     *
     * <p>Returns when every subscription is connected.
     *
     * @throws MiniClusterException naming every condition that does not hold; then nothing was changed
     */
    public Failover failOver(Node from, Node to) {
        GuardSlots slots = guards.get(to.name());
        Takeover takeover = new Takeover(cluster, from, to, slots);
        takeover.requireReady(primaryOf(to));
        long start = System.nanoTime();
        Map<Node, Set<String>> refused = takeover.run();
        primaries.remove(to.name());
        guards.remove(to.name());
        fenced.put(from.name(), new Fenced(to.name(), slots != null, refused));
        Failover done = new Failover(
                from.name(),
                to.name(),
                slots != null,
                takeover.subscriptions(),
                Duration.ofNanos(System.nanoTime() - start));
        cluster.journal()
                .add(
                        to.name(),
                        new Event.TakenOver(
                                done.from(),
                                done.guarded(),
                                done.subscriptions(),
                                done.took().toNanos() / 1e6));
        return done;
    }

    /**
     * Makes a node that was failed over from a standby of its successor: by {@code pg_rewind} where that is found and can,
     * else by a new base backup. What only it had is given up. If the failover was guarded, so is the new standby.
     *
     * @return the program that brought its data to the successor's state
     * @throws MiniClusterException if it was not failed over from, or still runs
     * @see <a href="https://www.postgresql.org/docs/13/app-pgrewind.html">pg_rewind</a>
     */
    public String rejoin(Node old) {
        Fenced fence = fenced.get(old.name());
        if (fence == null) {
            throw new MiniClusterException("expected " + old.name()
                    + " to have been failed over from when it rejoins, but was not; failOver(\"" + old.name()
                    + "\", ...) first");
        }
        if (old.isRunning()) {
            throw new MiniClusterException(
                    "expected " + old.name()
                            + " to be down when it rejoins, but was running, and may write what nobody else has; stop() it first");
        }
        Node primary = cluster.node(fence.successor());
        String program = copyAnew(old, primary, fence.guarded(), true);
        // Those that it had as a primary came back with its directory, and would keep WAL for ever.
        old.look(DROP_OLD_SLOTS);
        fence.refused()
                .forEach((publisher, roles) -> cluster.loginRules(publisher).admit(roles));
        fenced.remove(old.name());
        return program;
    }

    /**
     * Makes a standby anew by another base backup of its primary: the way back for one whose primary has removed WAL that
     * it needs, whose guard slot is lost, or that was started on its own. What only it had is given up.
     *
     * @return the program that made the copy
     * @throws MiniClusterException if the topology has no such standby, it has taken over, or its primary is not up
     */
    public String remake(Node standby) {
        Node primary = primaryOf(standby)
                .or(() -> cluster.topology().standby(standby.name()).map(spec -> cluster.node(spec.primary())))
                .orElseThrow(() -> new MiniClusterException("expected " + standby.name()
                        + " to be a standby when it is made anew, but was not; standbys are " + primaries.keySet()));
        fenced.forEach((old, fence) -> {
            if (standby.name().equals(old) || standby.name().equals(fence.successor())) {
                throw new MiniClusterException("expected " + standby.name()
                        + " to be a standby when it is made anew, but " + fence.successor() + " has taken over from "
                        + old + "; rejoin() " + old + " first");
            }
        });
        primary.requireAwake(standby.name() + " is copied from it");
        boolean guarded = cluster.topology()
                .standby(standby.name())
                .map(StandbySpec::guarded)
                .orElseGet(() -> guards.containsKey(standby.name()));
        return copyAnew(standby, primary, guarded, false);
    }

    /** Slots first, so that nothing can come between them and the copy. */
    private String copyAnew(Node standby, Node primary, boolean guarded, boolean rewind) {
        guards.remove(standby.name());
        if (guarded) {
            new GuardSlots(standby).makeFor(primary);
        }
        String slot = Slots.ofStandby(standby.name());
        SlotFaults.drop(primary, slot);
        primary.query("SELECT pg_create_physical_replication_slot(" + Sql.literal(slot) + ", true)");
        primary.execute(MAY_REWIND + Roles.standbyLogin(standby.name()));
        standby.server().configure(Map.of(NodeSettings.WORKERS, guarded ? "0" : workers(standby)));
        String conninfo = cluster.peers()
                .standbyConninfo(standby.name(), primary.name())
                .with("dbname", cluster.topology().database())
                .toString();
        BaseBackup backup = BaseBackup.following(conninfo, slot);
        String program = follow(standby, primary, rewind ? backup.rewinding() : backup);
        if (guarded) {
            guard(standby);
        }
        return program;
    }

    /**
     * The classic mistake: a standby's server is started on a base backup of its primary without {@code standby.signal}.
     * It is a primary of its own then, with the primary's subscriptions, which want the primary's slots.
     */
    public void startWithoutSignal(Node standby) {
        Link link = link(standby);
        standby.kill();
        String conninfo = link.conninfo().toString();
        String program = standby.server().copyFrom(link.publisher().server(), BaseBackup.onItsOwn(conninfo));
        primaries.remove(standby.name());
        guards.remove(standby.name());
        acted(standby, "start without standby.signal", program + ", then started as a server of its own");
    }

    /** Moves the guard slots to where their standbys are now; it is done five times a second anyway. */
    public void advanceGuards() {
        guards.values().forEach(GuardSlots::advance);
    }

    /** The value that lets a node's subscriptions run. */
    String workers(Node node) {
        return NodeSettings.asMap(
                        NodeSettings.of(cluster.topology(), cluster.topology().described(node.name())))
                .getOrDefault(NodeSettings.WORKERS, "4");
    }

    private String follow(Node standby, Node primary, BaseBackup backup) {
        if (standby.isRunning()) {
            standby.server().kill();
            cluster.disconnect(standby.name());
        }
        if (standby.version().major() >= WAL_KEEP_SIZE) {
            // When it has taken over, pg_rewind needs the WAL from before that for the old primary.
            standby.server().configure(Map.of("wal_keep_size", "128MB"));
        }
        String program = standby.server().copyFrom(primary.server(), backup);
        cluster.disconnect(standby.name());
        primaries.put(standby.name(), primary.name());
        acted(standby, "become a standby of " + primary.name(), program + ", then started as a hot standby");
        return program;
    }

    private void acted(Node node, String what, String proof) {
        cluster.journal().add(node.name(), new Event.Fault(what, Event.Fault.Phase.DONE, proof));
    }

    private synchronized void guard(Node standby) {
        GuardSlots slots = new GuardSlots(standby);
        slots.noteBeginnings();
        guards.put(standby.name(), slots);
        if (keeper == null) {
            keeper = new GuardKeeper(this::advanceGuards);
        }
    }

    synchronized void close() {
        if (keeper != null) {
            keeper.close();
            keeper = null;
        }
    }
}
