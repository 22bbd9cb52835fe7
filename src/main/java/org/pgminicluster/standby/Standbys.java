package org.pgminicluster.standby;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.fault.Faults;
import org.pgminicluster.fault.Fence;
import org.pgminicluster.fault.SlotFaults;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.ClusterNode;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.runtime.ReplicationWaits;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.script.Roles;
import org.pgminicluster.script.Slots;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.Step;
import org.pgminicluster.server.BaseBackup;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.wait.Waits;

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
@API(status = API.Status.MAINTAINED)
public final class Standbys {

    /** What {@code pg_rewind} needs of the server that it copies from, beyond a login. */
    private static final String MAY_REWIND = "GRANT EXECUTE ON FUNCTION pg_ls_dir(text, boolean, boolean),"
            + " pg_stat_file(text, boolean), pg_read_binary_file(text),"
            + " pg_read_binary_file(text, bigint, bigint, boolean) TO ";

    private static final String DROP_OLD_SLOTS =
            "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active";

    /** Before, it was counted in segments. */
    private static final int WAL_KEEP_SIZE = 13;

    private final ClusterRuntime runtime;
    private final Faults faults;
    /** By standby. */
    private final Map<String, String> primaries = new ConcurrentHashMap<>();
    /** By the node that was failed over from. */
    private final Map<String, Fenced> fenced = new ConcurrentHashMap<>();

    private final Map<String, FailoverSlots> failoverSlots = new ConcurrentHashMap<>();
    /** Those that have stopped in their middle, by the standby that is to take over. */
    private final Map<String, Takeover> unfinished = new ConcurrentHashMap<>();

    private @Nullable FailoverSlotKeeper keeper;

    /** A node that must not be a primary any more, and the roles that its publishers refuse for that. */
    record Fenced(String successor, boolean guarded, Map<Member, Set<String>> refused) {}

    /** @param faults some of which are in the way of a failover */
    public Standbys(ClusterRuntime runtime, Faults faults) {
        this.runtime = runtime;
        this.faults = faults;
    }

    /** The name of the node that a standby follows; empty if the node is no standby, or none any more. */
    public Optional<String> primaryOf(ClusterNode standby) {
        return primary(standby.member()).map(Member::name);
    }

    /** Whether a standby has failover slots on the publishers, and so can take over without loss. */
    public boolean isGuarded(ClusterNode standby) {
        return failoverSlots.containsKey(standby.member().name());
    }

    private Optional<Member> primary(Member standby) {
        return Optional.ofNullable(primaries.get(standby.name())).map(runtime::member);
    }

    /**
     * Ends a standby's recovery, whatever its primary does; see {@code Node.promote()}. Who follows it goes on following it.
     *
     * @throws MiniClusterException if it is no standby, or is not promoted in time
     */
    public void promote(ClusterNode standby) {
        standby.member().promote();
        primaries.remove(standby.member().name());
    }

    /**
     * Waits until a standby has replayed all that its primary has written by now; if it follows another standby, all that the
     * node above them has written by now.
     *
     * @throws org.pgminicluster.wait.WaitFailedException with the evidence if it does not come so far
     * @throws MiniClusterException if the node follows no primary
     */
    public void awaitReplayed(ClusterNode standby) {
        awaitReplayed(standby, Waits.USUAL);
    }

    /** The same, with a timeout of its own, which is scaled. */
    public void awaitReplayed(ClusterNode standby, Duration atMost) {
        ReplicationWaits waits = new ReplicationWaits(runtime.waits());
        Link.wayTo(runtime, standby.member()).forEach(link -> waits.caughtUp(link, atMost));
    }

    /** Knows a standby of a node that was one before. */
    public void found(Member standby, String primary) {
        primaries.put(standby.name(), primary);
    }

    /** Makes a standby of a fresh server by a base backup, as its topology says. */
    public void make(Member standby, Step.BaseBackup step) {
        StandbySpec spec = runtime.topology().standby(standby.name()).orElseThrow();
        Member primary = runtime.member(step.primary());
        follow(standby, primary, BaseBackup.following(step.conninfo().toString(), step.slot()));
        if (spec.guarded()) {
            keepFor(primary, standby);
        }
    }

    /**
     * Lets a standby take over from its primary.
     *
     * <p>Guarded, if the topology says so of the standby: the publishers refuse the old primary and end its walsenders,
     * the standby is promoted, and its subscriptions go on from the failover slots, which have all that it had not replayed.
     * Nothing is lost, however far it lagged. Then the old primary's slots are dropped. A subscription that is disabled is
     * led to its failover slot too, and stays disabled. Replay must not be paused, delayed or blocked, since the promotion
     * would go on with it unseen. What the old primary may have done with its subscriptions and the standby has not
     * replayed cannot be carried over, and is a reason to refuse: one that it has enabled, made, or set to other
     * publications, a table that it has added or copied again; or a subscription or failover slot that was made anew, so
     * that nobody knows where to go on.
     *
     * <p>Plain otherwise: the old primary must be down; the publishers' stale walsenders of it are ended, the standby is
     * promoted, and its subscriptions go on where the old primary had confirmed. What the standby had not got by then is
     * lost, and no error says so.
     *
     * <p>Other standbys of the old primary are made anew as those of its successor, and their own standbys after them, unless
     * they are down. One that somebody subscribes to would lose the slots by which that goes on, which is a reason to refuse: it
     * may take over itself, and its subscribers go on from it. Standbys of the successor go on following it. Nobody takes over from a standby: what it receives is
     * written by a node, beside which there must be no other primary.
     *
     * <p>Returns when every subscription is connected, and has caught up with its publisher, has failed, or goes on doing so
     * for three seconds; the outcome says which, and what was not carried. One that stops in its middle, such as because a publisher dies, goes
     * on from there when this is called again.
     *
     * @throws MiniClusterException naming every condition that does not hold; then nothing was changed. Or saying that it
     *     has stopped in its middle, and why
     */
    public Failover failOver(ClusterNode from, ClusterNode to) {
        return failOver(from.member(), to.member());
    }

    private Failover failOver(Member from, Member to) {
        to.server().requireOwn("it takes over from " + from.name());
        FailoverSlots slots = failoverSlots.get(to.name());
        Takeover takeover = unfinished.get(to.name());
        if (takeover == null) {
            requireFinished(from, "is failed over from");
            takeover = new Takeover(faults, from, to, slots);
            takeover.requireReady(primary(to), primary(from));
        } else {
            requireSame(takeover, from, to);
            takeover.requireAble();
        }
        long start = System.nanoTime();
        if (slots != null) {
            slots.hold(true);
        }
        try {
            takeover.run();
        } catch (RuntimeException e) {
            if (!takeover.hasBegun()) {
                if (slots != null) {
                    slots.hold(false);
                }
                throw e;
            }
            unfinished.put(to.name(), takeover);
            throw new MiniClusterException(
                    "the failover from " + from.name() + " to " + to.name() + " has stopped in its middle, and "
                            + to.name() + " is no standby any more or will be none soon; put right what stopped it and"
                            + " say " + call(from, to) + " again, which goes on from there: " + e.getMessage(),
                    e);
        }
        unfinished.remove(to.name());
        primaries.remove(to.name());
        failoverSlots.remove(to.name());
        fenced.put(from.name(), new Fenced(to.name(), slots != null, takeover.refused()));
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        Map<String, Words> failing = takeover.failing();
        List<String> going = takeover.subscriptions().stream()
                .filter(subscription -> !failing.containsKey(subscription))
                .toList();
        List<Words> remarks = new ArrayList<>(failing.values());
        if (slots == null) {
            remarks.add(Words.of("remark.plain", to.name(), from.name()));
            remarks.add(Words.of("remark.unfenced", to.name(), from.name()));
            runtime.caution(from.name(), Words.of("caution.unfenced", to.name(), from.name()));
        }
        remarks.addAll(takeover.notCarried());
        remarks.addAll(leadOthers(from, to));
        runtime.journal()
                .add(to.name(), new Event.TakenOver(from.name(), slots != null, going, remarks, took.toNanos() / 1e6));
        return new Failover(
                from.name(),
                to.name(),
                slots != null,
                going,
                remarks.stream().map(Words::toString).toList(),
                took);
    }

    /**
     * The reasons for which {@link #failOver} would be refused now; none if it would not be. A primary that has died a
     * moment ago may leave more to replay, for which a failover waits and this does not.
     */
    public List<String> obstacles(ClusterNode from, ClusterNode to) {
        Member standby = to.member();
        return new Takeover(faults, from.member(), standby, failoverSlots.get(standby.name()))
                .obstacles(primary(standby), primary(from.member()));
    }

    /** The other standbys of a primary that is lost are made anew as those of its successor; says what is left to do. */
    private List<Words> leadOthers(Member from, Member to) {
        List<Words> left = new ArrayList<>();
        for (Member other : runtime.members()) {
            if (!from.name().equals(primaries.get(other.name()))) {
                continue;
            }
            boolean guarded = failoverSlots.containsKey(other.name());
            primaries.put(other.name(), to.name());
            try {
                other.requireAwake("it is made a standby of " + to.name() + " by a copy");
                copyAnew(other, to, guarded, true);
            } catch (RuntimeException e) {
                FailoverSlots.dropAll(other);
                left.add(Words.of("remark.follower", other.name(), to.name(), String.valueOf(e.getMessage())));
            }
        }
        return left;
    }

    private static String call(Member from, Member to) {
        return "failOver(\"" + from.name() + "\", \"" + to.name() + "\")";
    }

    private static void requireSame(Takeover takeover, Member from, Member to) {
        if (!takeover.from().name().equals(from.name())) {
            throw new MiniClusterException("expected " + to.name() + " to take over from "
                    + takeover.from().name() + ", which has stopped in its middle, but was told to take over from "
                    + from.name() + "; say " + call(takeover.from(), to) + " again first");
        }
    }

    /** Until it is finished nobody knows who is whose standby. */
    private void requireFinished(Member node, String when) {
        unfinished.forEach((to, takeover) -> {
            if (to.equals(node.name()) || takeover.from().name().equals(node.name())) {
                throw new MiniClusterException("expected the failover from "
                        + takeover.from().name() + " to " + to + " to be finished when " + node.name() + " " + when
                        + ", but it has stopped in its middle; say "
                        + call(takeover.from(), runtime.member(to)) + " again first");
            }
        });
    }

    /**
     * Makes a node that was failed over from a standby of its successor: by {@code pg_rewind} where that is found and can,
     * else by a new base backup. What only it had is given up. If the failover was guarded, so is the new standby.
     *
     * @return the program that brought its data to the successor's state
     * @throws MiniClusterException if it was not failed over from, or still runs, or its successor is not up
     * @see <a href="https://www.postgresql.org/docs/13/app-pgrewind.html">pg_rewind</a>
     */
    public String rejoin(ClusterNode node) {
        Member old = node.member();
        old.server().requireOwn("it rejoins");
        requireFinished(old, "rejoins");
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
        Member primary = runtime.member(successor(fence));
        primary.requireAwake(old.name() + " is copied from it");
        String program = copyAnew(old, primary, fence.guarded(), true);
        // Those that it had as a primary came back with its directory, and would keep WAL for ever.
        old.look(DROP_OLD_SLOTS);
        Fence.lower(fence.refused());
        fenced.remove(old.name());
        runtime.caution(old.name(), null);
        return program;
    }

    /** It may have been failed over from itself since. */
    private String successor(Fenced fence) {
        Fenced next = fenced.get(fence.successor());
        return next == null ? fence.successor() : successor(next);
    }

    /**
     * Makes a standby anew by another base backup of its primary: the way back for one whose primary has removed WAL that
     * it needs, whose failover slot is lost, or that was started on its own. What only it had is given up, the slots of
     * subscriptions to it too: {@code MiniCluster.reseed} makes those again. Those that follow
     * it are made anew after it, unless they are down: it may have less than they.
     *
     * @return the program that made the copy
     * @throws MiniClusterException if the topology has no such standby, it has taken over, or its primary is not up
     */
    public String remake(ClusterNode node) {
        Member standby = node.member();
        standby.server().requireOwn("it is made anew");
        requireFinished(standby, "is made anew");
        Member primary = primary(standby)
                .or(() -> runtime.topology().standby(standby.name()).map(spec -> runtime.member(spec.primary())))
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
        boolean guarded = runtime.topology()
                .standby(standby.name())
                .map(StandbySpec::guarded)
                .orElseGet(() -> failoverSlots.containsKey(standby.name()));
        return copyAnew(standby, primary, guarded, false);
    }

    /** Slots first, so that nothing can come between them and the copy. */
    private String copyAnew(Member standby, Member primary, boolean guarded, boolean rewind) {
        failoverSlots.remove(standby.name());
        if (guarded) {
            new FailoverSlots(primary, standby).make();
        }
        String slot = makeSlot(standby, primary);
        if (rewind) {
            primary.execute(MAY_REWIND + Roles.standbyLogin(standby.name()));
        }
        standby.server().configure(Map.of(NodeSettings.WORKERS, guarded ? "0" : workers(standby)));
        String conninfo = runtime.peers()
                .standbyConninfo(
                        standby.name(), primary.name(), runtime.topology().database())
                .toString();
        BaseBackup backup = BaseBackup.following(conninfo, slot);
        String program = follow(standby, primary, rewind ? backup.rewinding() : backup);
        if (guarded) {
            keepFor(primary, standby);
        }
        leadFollowers(standby);
        return program;
    }

    /** A copy has no slots, and may have less than those that followed what was there before. */
    private void leadFollowers(Member copied) {
        for (Member follower : runtime.members()) {
            if (!copied.name().equals(primaries.get(follower.name()))) {
                continue;
            }
            if (follower.isAwake()) {
                copyAnew(follower, copied, failoverSlots.containsKey(follower.name()), false);
            } else {
                makeSlot(follower, copied);
            }
        }
    }

    private static String makeSlot(Member standby, Member primary) {
        String slot = Slots.ofStandby(standby.name());
        SlotFaults.drop(primary, slot);
        primary.query("SELECT pg_create_physical_replication_slot(" + Sql.literal(slot) + ", true)");
        return slot;
    }

    /**
     * The classic mistake: a standby's server is started on a base backup of its primary without {@code standby.signal}.
     * It is a primary of its own then, with the primary's subscriptions, which want the primary's slots.
     */
    public void startWithoutSignal(ClusterNode node) {
        Member standby = node.member();
        standby.server().requireOwn("it is started without a signal");
        Link link = Link.ofStandby(runtime, standby);
        standby.kill();
        String conninfo = link.conninfo().toString();
        String program = standby.server().copyFrom(link.publisher().server(), BaseBackup.onItsOwn(conninfo));
        primaries.remove(standby.name());
        failoverSlots.remove(standby.name());
        standby.acted(
                FaultFacts.of(FaultKind.START_WITHOUT_SIGNAL, standby.name()),
                Words.of("proof.started-alone", program));
    }

    /** Moves the failover slots to where their standbys are now; it is done five times a second anyway. */
    public void advanceFailoverSlots() {
        failoverSlots.values().forEach(FailoverSlots::advance);
    }

    /** The value that lets a node's subscriptions run. */
    static String workers(Member node) {
        return NodeSettings.asMap(NodeSettings.of(
                        node.runtime().topology(), node.runtime().topology().described(node.name())))
                .getOrDefault(NodeSettings.WORKERS, "4");
    }

    private String follow(Member standby, Member primary, BaseBackup backup) {
        if (standby.isRunning()) {
            standby.server().kill();
            runtime.disconnect(standby.name());
        }
        if (standby.version().major() >= WAL_KEEP_SIZE) {
            // When it has taken over, pg_rewind needs the WAL from before that for the old primary.
            standby.server().configure(Map.of("wal_keep_size", "128MB"));
        }
        String program = standby.server().copyFrom(primary.server(), backup);
        runtime.disconnect(standby.name());
        primaries.put(standby.name(), primary.name());
        standby.acted(
                FaultFacts.of(FaultKind.FOLLOW, primary.name(), standby.name()),
                Words.of("proof.started-as-standby", program));
        return program;
    }

    private synchronized void keepFor(Member primary, Member standby) {
        FailoverSlots slots = new FailoverSlots(primary, standby);
        slots.noteBeginnings();
        failoverSlots.put(standby.name(), slots);
        if (keeper == null) {
            keeper = new FailoverSlotKeeper(this::advanceFailoverSlots);
        }
    }

    public synchronized void close() {
        if (keeper != null) {
            keeper.close();
            keeper = null;
        }
    }
}
