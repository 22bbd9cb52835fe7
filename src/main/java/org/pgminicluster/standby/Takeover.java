package org.pgminicluster.standby;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.fault.Faults;
import org.pgminicluster.fault.Fence;
import org.pgminicluster.fault.SlotFaults;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.script.Roles;
import org.pgminicluster.script.Sql;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.Waits;

/** The steps by which a standby takes over from its primary. */
final class Takeover {

    private static final String END_WALSENDERS =
            "SELECT CASE WHEN active THEN pg_terminate_backend(active_pid) END FROM pg_replication_slots WHERE slot_name = ?";

    private static final String REPLAYED = "SELECT coalesce(pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn(),"
            + " true), pg_last_wal_replay_lsn()";
    /** Before 12 the delay is no setting. */
    private static final String HELD_BACK = """
            SELECT pg_is_wal_replay_paused(), coalesce(nullif(current_setting('recovery_min_apply_delay', true), '0'), 'none'),
                   EXISTS (SELECT FROM pg_stat_activity
                            WHERE backend_type = 'startup'
                              AND (wait_event_type IN ('Lock', 'BufferPin') OR wait_event LIKE 'RecoveryConflict%'))""";
    /** As many looks at the same position. */
    private static final int STANDSTILL = 10;

    private final Faults faults;
    private final Member from;
    private final Member to;
    private final @Nullable FailoverSlots failoverSlots;
    private List<StandbySubscription> inherited = List.of();
    /** The roles that each publisher refuses from when the old primary is fenced. */
    private Map<Member, Set<String>> refused = Map.of();

    private boolean begun;
    private ServerLog.Mark mark = new ServerLog.Mark(0);
    private @Nullable Aftermath aftermath;

    /** @param failoverSlots null for a plain failover */
    Takeover(Faults faults, Member from, Member to, @Nullable FailoverSlots failoverSlots) {
        this.faults = faults;
        this.from = from;
        this.to = to;
        this.failoverSlots = failoverSlots;
    }

    /**
     * Looks whether all conditions hold, and changes nothing.
     *
     * @throws MiniClusterException naming those that do not
     */
    void requireReady(Optional<Member> primary, Optional<Member> above) {
        if (failoverSlots != null && !from.isAwake() && to.isAwake() && isPrimary(primary)) {
            awaitStandstill();
        }
        List<String> obstacles = obstacles(primary, above);
        if (!obstacles.isEmpty()) {
            throw new MiniClusterException("expected " + to.name() + " to be ready to take over from " + from.name()
                    + ", but was not: " + String.join("; ", obstacles) + "; nothing was changed");
        }
    }

    /**
     * The conditions that do not hold now.
     *
     * @param primary whom the standby follows
     * @param above whom that one follows, if it is a standby itself
     */
    List<String> obstacles(Optional<Member> primary, Optional<Member> above) {
        List<String> obstacles = new ArrayList<>();
        if (above.isPresent() && isPrimary(primary)) {
            obstacles.add(from.name() + " is itself a standby of " + above.get().name() + ", beside which " + to.name()
                    + " would be another primary with the same subscriptions, let " + from.name()
                    + " take over first");
            return obstacles;
        }
        if (!isPrimary(primary)) {
            obstacles.add(to.name() + " is "
                    + primary.map(node -> "a standby of " + node.name()).orElse("no standby"));
        } else if (!to.isAwake()) {
            obstacles.add(to.name() + (to.isRunning() ? " is paused" : " is down"));
        } else {
            String followed = Link.ofStandby(from.runtime(), to).publisher().name();
            if (!followed.equals(from.name())) {
                obstacles.add(to.name() + " still follows " + followed + ", make it anew first");
                return obstacles;
            }
            inherited = StandbySubscription.on(to).stream()
                    .filter(subscription -> subscription.enabled() || failoverSlots != null)
                    .toList();
            addObstacles(obstacles);
        }
        return obstacles;
    }

    private boolean isPrimary(Optional<Member> primary) {
        return primary.map(Member::name).equals(Optional.of(from.name()));
    }

    private void addObstacles(List<String> obstacles) {
        if (failoverSlots == null && from.isRunning()) {
            obstacles.add(from.name() + " still runs and would go on taking rows, kill() or stop() it first");
        }
        if (failoverSlots != null) {
            addHeldBack(obstacles);
            obstacles.addAll(CarryOver.obstacles(new FactReader(from, to, failoverSlots).read()));
        } else {
            inherited.forEach(subscription -> addMissing(subscription, obstacles));
        }
        addFollowed(obstacles);
        running().forEach(subscription -> {
            addLockedOut(subscription, obstacles);
            if (faults.isStalled(subscription.publisher(), subscription.slot())) {
                obstacles.add("the walsender of slot " + subscription.slot() + " on "
                        + subscription.publisher().name() + " is stalled and cannot be ended, heal that fault first");
            }
        });
        String workers = workers();
        if (failoverSlots != null && !workers.equals("0")) {
            obstacles.add(NodeSettings.WORKERS + " is " + workers + " on " + to.name()
                    + " and not 0, so its subscriptions would start before they are led to the failover slots");
        }
    }

    /** As its server has them, which may be others than its settings say until it is restarted. */
    private String workers() {
        return String.valueOf(to.look("SELECT current_setting('" + NodeSettings.WORKERS + "')")
                .value());
    }

    /** What a plain failover goes on from. */
    private void addMissing(StandbySubscription subscription, List<String> obstacles) {
        Member publisher = subscription.publisher();
        if (!publisher.isAwake()) {
            obstacles.add(publisher.name() + " does not answer, which " + subscription + " follows");
        } else if (!LogicalSlots.on(publisher).containsKey(subscription.slot())) {
            obstacles.add("slot " + subscription.slot() + " on " + publisher.name() + " is not there, from which "
                    + subscription.name() + " would go on, promote() " + to.name()
                    + " by itself and make the subscription anew on it");
        }
    }

    /** The other standbys are copied anew, and what subscribes to one of them would be left without its slot. */
    private void addFollowed(List<String> obstacles) {
        for (Member other : from.runtime().members()) {
            boolean copied = !other.name().equals(to.name())
                    && other.isAwake()
                    && other.isStandby()
                    && Link.ofStandby(from.runtime(), other).publisher().name().equals(from.name());
            Set<String> slots = copied ? LogicalSlots.on(other).keySet() : Set.of();
            if (!slots.isEmpty()) {
                obstacles.add(other.name() + ", which would be made a standby of " + to.name()
                        + " by a copy, has the slot of a subscription, " + String.join(", ", slots)
                        + ", which no copy has, let " + other.name()
                        + " take over, or drop that subscription first");
            }
        }
    }

    /** Promotion would replay what nobody could look at before. */
    private void addHeldBack(List<String> obstacles) {
        Row held = to.look(HELD_BACK).values().get(0);
        if ("t".equals(held.get(0))) {
            obstacles.add("replay is paused on " + to.name() + ", say pg_wal_replay_resume() first");
        }
        if (!held.text(1).equals("none")) {
            obstacles.add("recovery_min_apply_delay is " + held.text(1) + " on " + to.name() + ", set it to 0 first");
        }
        if ("t".equals(held.get(2))) {
            obstacles.add("replay waits for a session on " + to.name() + " that is in its way, end that session first");
        }
    }

    /** Guarded, it logs in by a role of its own, and plain by that of the old primary. */
    private void addLockedOut(StandbySubscription subscription, List<String> obstacles) {
        Member publisher = subscription.publisher();
        String role = failoverSlots == null ? subscription.role() : Roles.login(to.name());
        if (publisher.loginRules().isRefused(role)) {
            obstacles.add(publisher.name() + " refuses " + role + ", by which " + to.name() + " would go on with "
                    + subscription.name() + ", heal that fault first");
        }
    }

    /** Promotion replays all that was received, so that is what is to be looked at. */
    private void awaitStandstill() {
        Replayed replayed = new Replayed();
        if (!replayed.look().isEnough()) {
            to.runtime().waits().until(WaitFor.receivedReplayed(to.name()), Waits.USUAL, List.of(to), replayed::look);
        }
    }

    /** Replay, which stands still before the end if half a record came last, or if somebody has paused it. */
    private final class Replayed {
        private String last = "";
        private int alike;

        Seen look() {
            Row row = to.look(REPLAYED).values().get(0);
            alike = row.text(1).equals(last) ? alike + 1 : 0;
            last = row.text(1);
            return Seen.of("t".equals(row.get(0)) || alike == STANDSTILL, last);
        }
    }

    /** What is to be said of it when it is over; those that do not stream are in it. */
    Map<String, Words> failing() {
        Map<String, Words> failing = new LinkedHashMap<>();
        Aftermath after = Objects.requireNonNull(aftermath, "it is over");
        running()
                .forEach(subscription ->
                        after.failing(subscription).ifPresent(why -> failing.put(subscription.name(), why)));
        return failing;
    }

    List<Words> notCarried() {
        List<Words> words = new ArrayList<>();
        inherited.stream()
                .filter(subscription -> !subscription.enabled())
                .forEach(subscription ->
                        words.add(Words.of("remark.disabled", Words.subscription(subscription.name(), to.name()))));
        words.addAll(Objects.requireNonNull(aftermath, "it is over").notCarried(inherited));
        return words;
    }

    /** Those that run. */
    List<String> subscriptions() {
        return running().map(StandbySubscription::name).toList();
    }

    private Stream<StandbySubscription> running() {
        return inherited.stream().filter(StandbySubscription::enabled);
    }

    /** Whether the standby was told to be a primary, from when on there is no way back. */
    boolean hasBegun() {
        return begun;
    }

    Member from() {
        return from;
    }

    /** The roles that each publisher refuses from now on. */
    Map<Member, Set<String>> refused() {
        return refused;
    }

    /**
     * Looks whether one that has stopped in its middle can go on.
     *
     * @throws MiniClusterException naming the node that is missing
     */
    void requireAble() {
        String when = "the failover from " + from.name() + " to " + to.name() + " goes on";
        to.requireAwake(when);
        inherited.forEach(subscription -> subscription.publisher().requireAwake(when));
    }

    /** Each step looks first whether it was done before, so that one which has stopped in its middle can go on. */
    void run() {
        if (failoverSlots == null) {
            promote(this::endWalsenders);
        } else {
            promote(() -> refused = fence());
            goOnFrom(failoverSlots);
        }
        aftermath = new Aftermath(to, mark);
        running().forEach(aftermath::awaitConnected);
        if (failoverSlots != null) {
            // Only now, when nothing needs them any more.
            inherited.forEach(subscription -> SlotFaults.drop(subscription.publisher(), subscription.slot()));
        }
    }

    /** @param preparing what comes before, and is undone if it fails */
    private void promote(Runnable preparing) {
        if (!begun) {
            mark = to.log().mark();
            preparing.run();
        }
        if (isStandby()) {
            begun = true;
            to.promote();
        }
    }

    /** One that has died before it was told anything takes over from nobody, and the old primary is let in again. */
    private boolean isStandby() {
        try {
            return to.isStandby();
        } catch (RuntimeException e) {
            if (!begun) {
                try {
                    Fence.lower(refused);
                } catch (RuntimeException lowering) {
                    e.addSuppressed(lowering);
                }
            }
            throw e;
        }
    }

    /** The publishers let the old primary in no more and end what it has there, so that it takes nothing any more. */
    private Map<Member, Set<String>> fence() {
        Map<Member, Set<String>> roles = new LinkedHashMap<>();
        for (StandbySubscription subscription : inherited) {
            roles.computeIfAbsent(
                            from.runtime().member(subscription.publisher().name()), publisher -> new LinkedHashSet<>())
                    .add(subscription.role());
        }
        Fence.raise(from, roles);
        return roles;
    }

    /** Those of a primary that is gone would hold the slots until they notice. */
    private void endWalsenders() {
        for (StandbySubscription subscription : inherited) {
            from.runtime()
                    .waits()
                    .until(
                            WaitFor.slotIdle(
                                    subscription.slot(),
                                    subscription.publisher().name()),
                            Waits.USUAL,
                            List.of(subscription.publisher()),
                            () -> {
                                Rows slots = subscription.publisher().look(END_WALSENDERS, subscription.slot());
                                if (slots.isEmpty()) {
                                    return new Seen.Hopeless(Words.of("seen.it-is-gone"));
                                }
                                boolean idle = slots.value() == null;
                                return Seen.of(idle, Words.of(idle ? "seen.idle" : "seen.ending"));
                            });
        }
    }

    private void goOnFrom(FailoverSlots slots) {
        List<StandbySubscription> promoted = StandbySubscription.withTables(to);
        for (StandbySubscription subscription : promoted) {
            Followed followed = subscription.followed();
            @Nullable SlotState slot = LogicalSlots.on(subscription.publisher()).get(slots.nameFor(followed));
            if (slot == null || slot.name().equals(subscription.slot())) {
                continue;
            }
            Member view = subscription.subscriber();
            String alter = "ALTER SUBSCRIPTION " + Sql.identifier(subscription.name()) + " ";
            view.execute(alter + "DISABLE");
            Positions.origin(followed, slot, Positions.reached(followed, slots.known(followed)))
                    .ifPresent(position -> view.query("SELECT pg_replication_origin_advance('pg_" + subscription.oid()
                            + "', " + Sql.literal(position.toString()) + ")"));
            view.execute(alter + "CONNECTION "
                    + Sql.literal(view.conninfoTo(subscription.publisher(), subscription.name())));
            // Last: by this it is known that all of it was done.
            view.execute(alter + "SET (slot_name = " + Sql.literal(slot.name()) + ")");
        }
        if (workers().equals("0")) {
            to.server().configure(Map.of(NodeSettings.WORKERS, Standbys.workers(to)));
            // Whoever is interrupted here would leave a server that is neither there nor gone.
            InParallel.toTheEnd(List.of(to), Member::restart);
        }
        running()
                .forEach(subscription -> subscription
                        .subscriber()
                        .execute("ALTER SUBSCRIPTION " + Sql.identifier(subscription.name()) + " ENABLE"));
    }
}
