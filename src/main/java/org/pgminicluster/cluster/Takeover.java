package org.pgminicluster.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.script.Roles;
import org.pgminicluster.script.Sql;

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

    private final MiniCluster cluster;
    private final Node from;
    private final Node to;
    private final @Nullable GuardSlots guards;
    private List<Inherited> inherited = List.of();

    /** @param guards null for a plain failover */
    Takeover(MiniCluster cluster, Node from, Node to, @Nullable GuardSlots guards) {
        this.cluster = cluster;
        this.from = from;
        this.to = to;
        this.guards = guards;
    }

    /**
     * Looks whether all conditions hold, and changes nothing.
     *
     * @throws MiniClusterException naming those that do not
     */
    void requireReady(Optional<Node> primary) {
        List<String> obstacles = new ArrayList<>();
        if (!primary.map(Node::name).equals(Optional.of(from.name()))) {
            obstacles.add(to.name() + " is "
                    + primary.map(node -> "a standby of " + node.name()).orElse("no standby"));
        } else if (!to.isAwake()) {
            obstacles.add(to.name() + (to.isRunning() ? " is paused" : " is down"));
        } else {
            if (guards != null && !from.isAwake()) {
                awaitStandstill();
            }
            inherited = Inherited.on(to).stream()
                    .filter(subscription -> subscription.enabled() || guards != null)
                    .toList();
            addObstacles(obstacles);
        }
        if (!obstacles.isEmpty()) {
            throw new MiniClusterException("expected " + to.name() + " to be ready to take over from " + from.name()
                    + ", but was not: " + String.join("; ", obstacles) + "; nothing was changed");
        }
    }

    private void addObstacles(List<String> obstacles) {
        if (guards == null && from.isRunning()) {
            obstacles.add(from.name() + " still runs and would go on taking rows, kill() or stop() it first");
        }
        if (guards != null) {
            addHeldBack(obstacles);
            obstacles.addAll(new CarryOver(cluster, from, to, guards).obstacles());
        } else {
            inherited.forEach(subscription -> addMissing(subscription, obstacles));
        }
        running().forEach(subscription -> {
            addLockedOut(subscription, obstacles);
            if (cluster.faults().isStalled(subscription.publisher(), subscription.slot())) {
                obstacles.add("the walsender of slot " + subscription.slot() + " on "
                        + subscription.publisher().name() + " is stalled and cannot be ended, heal that fault first");
            }
        });
        String workers = String.valueOf(to.look("SELECT current_setting('" + NodeSettings.WORKERS + "')")
                .value());
        if (guards != null && !workers.equals("0")) {
            obstacles.add(NodeSettings.WORKERS + " is " + workers + " on " + to.name()
                    + " and not 0, so its subscriptions would start before they are led to the guard slots");
        }
    }

    /** What a plain failover goes on from. */
    private void addMissing(Inherited subscription, List<String> obstacles) {
        Node publisher = subscription.publisher();
        if (!publisher.isAwake()) {
            obstacles.add(publisher.name() + " does not answer, which " + subscription + " follows");
        } else if (!LogicalSlot.on(publisher).containsKey(subscription.slot())) {
            obstacles.add("slot " + subscription.slot() + " on " + publisher.name() + " is not there, from which "
                    + subscription.name() + " would go on, promote() " + to.name()
                    + " by itself and make the subscription anew on it");
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
    private void addLockedOut(Inherited subscription, List<String> obstacles) {
        Node publisher = subscription.publisher();
        String role = guards == null ? subscription.role() : Roles.login(to.name());
        if (cluster.loginRules(publisher).isRefused(role)) {
            obstacles.add(publisher.name() + " refuses " + role + ", by which " + to.name() + " would go on with "
                    + subscription.name() + ", heal that fault first");
        }
    }

    /** Promotion replays all that was received, so that is what is to be looked at. */
    private void awaitStandstill() {
        Replayed replayed = new Replayed();
        if (!replayed.look().enough()) {
            cluster.await(to.name() + " to replay what it has received", replayed::look, to);
        }
    }

    /** Replay, which stands still before the end if half a record came last, or if somebody has paused it. */
    private final class Replayed {
        private String last = "";
        private int alike;

        MiniCluster.Seen look() {
            Row row = to.look(REPLAYED).values().get(0);
            alike = row.text(1).equals(last) ? alike + 1 : 0;
            last = row.text(1);
            return new MiniCluster.Seen("t".equals(row.get(0)) || alike == STANDSTILL, last);
        }
    }

    /** Those that run. */
    List<String> subscriptions() {
        return running().map(Inherited::name).toList();
    }

    private Stream<Inherited> running() {
        return inherited.stream().filter(Inherited::enabled);
    }

    /** Returns the roles that each publisher refuses from now on. */
    Map<Node, Set<String>> run() {
        Map<Node, Set<String>> refused = new LinkedHashMap<>();
        if (guards == null) {
            endWalsenders();
            to.promote();
        } else {
            refused.putAll(fence());
            to.promote();
            goOnFrom(guards);
        }
        running()
                .forEach(subscription -> Link.named(cluster, subscription.subscriber(), subscription.name())
                        .awaitWalsender());
        if (guards != null) {
            // Only now, when nothing needs them any more.
            inherited.forEach(subscription -> SlotFaults.drop(subscription.publisher(), subscription.slot()));
        }
        return refused;
    }

    /** The publishers let the old primary in no more and end what it has there, so that it takes nothing any more. */
    private Map<Node, Set<String>> fence() {
        Map<Node, Set<String>> roles = new LinkedHashMap<>();
        for (Inherited subscription : inherited) {
            roles.computeIfAbsent(cluster.node(subscription.publisher().name()), publisher -> new LinkedHashSet<>())
                    .add(subscription.role());
        }
        Cut cut = new Cut(cluster, from, from.name() + " fenced", roles, List.of());
        try {
            cut.inflict();
        } catch (RuntimeException e) {
            try {
                cut.undo();
            } catch (RuntimeException undoing) {
                e.addSuppressed(undoing);
            }
            throw e;
        }
        return roles;
    }

    /** Those of a primary that is gone would hold the slots until they notice. */
    private void endWalsenders() {
        for (Inherited subscription : inherited) {
            cluster.waits()
                    .until(
                            "slot " + subscription.slot() + " on "
                                    + subscription.publisher().name() + " to be let go",
                            MiniCluster.WAIT,
                            List.of(subscription.publisher()),
                            () -> {
                                Rows slots = subscription.publisher().look(END_WALSENDERS, subscription.slot());
                                if (slots.isEmpty()) {
                                    return new Probe.Hopeless("it is gone");
                                }
                                boolean idle = slots.value() == null;
                                return Probe.of(idle, idle ? "nobody has it" : "its walsender is being ended");
                            });
        }
    }

    private void goOnFrom(GuardSlots slots) {
        List<Inherited> promoted = Inherited.on(to);
        List<SubscribedTable> tables = SubscribedTable.of(promoted);
        for (Inherited subscription : promoted) {
            @Nullable
            LogicalSlot guard = LogicalSlot.on(subscription.publisher()).get(slots.nameFor(subscription));
            if (guard == null) {
                continue;
            }
            Node view = subscription.subscriber();
            String alter = "ALTER SUBSCRIPTION " + Sql.identifier(subscription.name()) + " ";
            view.execute(alter + "DISABLE");
            view.execute(alter + "SET (slot_name = " + Sql.literal(guard.name()) + ")");
            view.execute(alter + "CONNECTION "
                    + Sql.literal(view.conninfoTo(subscription.publisher(), subscription.name())));
            slots.reached(subscription, tables)
                    .filter(reached -> isBehind(subscription.applied(), guard.confirmed(), reached))
                    .ifPresent(reached -> view.query("SELECT pg_replication_origin_advance('pg_" + subscription.oid()
                            + "', " + Sql.literal(reached.toString()) + ")"));
        }
        to.server().configure(Map.of(NodeSettings.WORKERS, cluster.standbys().workers(to)));
        to.restart();
        running()
                .forEach(subscription -> subscription
                        .subscriber()
                        .execute("ALTER SUBSCRIPTION " + Sql.identifier(subscription.name()) + " ENABLE"));
    }

    /** It would begin at the later of the two, which is before what was copied, and have that twice. */
    private static boolean isBehind(Lsn applied, Lsn guard, Lsn reached) {
        return !reached.equals(GuardSlots.ANYWHERE) && applied.compareTo(reached) < 0 && guard.compareTo(reached) < 0;
    }
}
