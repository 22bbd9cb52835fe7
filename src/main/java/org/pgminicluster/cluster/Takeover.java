package org.pgminicluster.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.script.Sql;

/** The steps by which a standby takes over from its primary. */
final class Takeover {

    private static final String END_WALSENDERS =
            "SELECT count(pg_terminate_backend(active_pid)) FROM pg_replication_slots WHERE slot_name = ? AND active";

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
            inherited = Inherited.on(to);
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
        for (Inherited subscription : inherited) {
            Node publisher = cluster.node(subscription.publisher().name());
            if (!publisher.isAwake()) {
                obstacles.add(publisher.name() + " does not answer, which " + subscription + " follows");
            } else if (guards != null) {
                guards.obstacle(subscription).ifPresent(obstacles::add);
            }
        }
        String workers = String.valueOf(to.look("SELECT current_setting('" + NodeSettings.WORKERS + "')")
                .value());
        if (guards != null && !workers.equals("0")) {
            obstacles.add(NodeSettings.WORKERS + " is " + workers + " on " + to.name()
                    + " and not 0, so its subscriptions would start before they are led to the guard slots");
        }
    }

    List<String> subscriptions() {
        return inherited.stream().map(Inherited::name).toList();
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
        for (Inherited subscription : inherited) {
            Link.named(cluster, subscription.subscriber(), subscription.name()).awaitWalsender();
        }
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
        new Cut(cluster, from, from.name() + " fenced", roles, List.of()).inflict();
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
                                long left = subscription
                                        .publisher()
                                        .look(END_WALSENDERS, subscription.slot())
                                        .number();
                                return Probe.of(
                                        left == 0, left == 0 ? "nobody has it" : "its walsender is being ended");
                            });
        }
    }

    private void goOnFrom(GuardSlots slots) {
        for (Inherited subscription : inherited) {
            Node view = subscription.subscriber();
            String alter = "ALTER SUBSCRIPTION " + Sql.identifier(subscription.name()) + " ";
            view.execute(alter + "DISABLE");
            view.execute(alter + "SET (slot_name = " + Sql.literal(slots.nameFor(subscription)) + ")");
            view.execute(alter + "CONNECTION "
                    + Sql.literal(view.conninfoTo(subscription.publisher(), subscription.name())));
        }
        to.server().configure(Map.of(NodeSettings.WORKERS, cluster.standbys().workers(to)));
        to.restart();
        inherited.forEach(subscription -> subscription
                .subscriber()
                .execute("ALTER SUBSCRIPTION " + Sql.identifier(subscription.name()) + " ENABLE"));
    }
}
