package org.pgminicluster.history;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.Plan.ActKind;
import org.pgminicluster.history.Plan.How;
import org.pgminicluster.history.Plan.PlannedAct;
import org.pgminicluster.history.Plan.PlannedFailover;
import org.pgminicluster.journal.Row;
import org.pgminicluster.script.Slots;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Topology;

/** Guarded failovers of the homework, each without one of the rules that a real one keeps. */
enum Naive implements FailoverStep.TakeOver {
    /** None is left out, to see that the others fail for what they lack. */
    CAREFUL,
    /**
     * A slot of its own moves to the standby's origin, and stays where it was while that has no position, as after a
     * subscription was made anew; and the origin is not moved to where the standby has everything.
     */
    LEAVES_THE_SLOT,
    /** What the standby's catalogs show as disabled is left alone. */
    LEAVES_OUT_WHAT_IS_DISABLED,
    /** What tables there are is not compared. */
    LOOKS_AT_NO_TABLE;

    private static final Map<String, String> PUBLISHERS = Map.of("vm3_test_sub", "vm1", "vm3_test2_sub", "vm2");

    private static final String SUBSCRIPTIONS = """
            SELECT s.subname, s.subenabled, o.remote_lsn, s.subslotname FROM pg_subscription s
              LEFT JOIN pg_replication_origin_status o ON o.external_id = 'pg_' || s.oid
             ORDER BY 1""";

    /** The homework, with room for slots that it does not know of. */
    static HistoryTopology topology() {
        Topology homework = HomeworkVariant.of(Profile.STANDBY).create();
        List<NodeSpec> nodes = homework.nodes().stream().map(Naive::roomy).toList();
        return HistoryTopology.of(
                new Topology(
                        homework.name(),
                        homework.database(),
                        nodes,
                        homework.standbys(),
                        homework.echoAllowed(),
                        homework.makesRoles(),
                        homework.tls()),
                Profile.STANDBY);
    }

    private static NodeSpec roomy(NodeSpec node) {
        Map<String, String> settings = new TreeMap<>(node.settings());
        settings.put("max_replication_slots", "20");
        return new NodeSpec(node.name(), node.port(), settings, node.postgres(), node.mayFollow(), node.databases());
    }

    /** What a seed draws, without what would need the library's own failover, and with nothing else in its way. */
    static Plan plan(long seed) {
        Plan drawn = new PlanGenerator(seed, Profile.STANDBY, PlanTargets.of(topology()), 60, 0).plan();
        PlannedFailover failover = drawn.failover();
        if (failover == null) {
            throw new IllegalStateException("a plan of a standby ends with a failover");
        }
        return drawn.withFailover(new PlannedFailover(
                How.KILL,
                failover.primary(),
                failover.standby(),
                failover.anchor(),
                failover.after(),
                Math.max(300, failover.lagMillis())));
    }

    /** A seed, twice, and the next ones of 50 that draw what this one does wrong. */
    List<Long> triedBy(long seed) {
        return LongStream.concat(
                        LongStream.of(seed, seed),
                        LongStream.rangeClosed(seed + 1, 50)
                                .filter(other -> plan(other).acts().stream().anyMatch(this::isWrongWith)))
                .limit(6)
                .boxed()
                .toList();
    }

    private boolean isWrongWith(PlannedAct act) {
        return switch (this) {
            case CAREFUL -> false;
            case LEAVES_THE_SLOT -> act.actKind() == ActKind.RESEED;
            case LEAVES_OUT_WHAT_IS_DISABLED -> act.actKind() == ActKind.ENABLE && act.whileLagging();
            case LOOKS_AT_NO_TABLE -> act.actKind() == ActKind.ADD_TABLE && act.whileLagging();
        };
    }

    /** What must be done long before: as sabotage, when the first transaction is through. */
    void begin(MiniCluster cluster) {
        if (this == LEAVES_THE_SLOT) {
            PUBLISHERS.forEach((subscription, publisher) -> cluster.node(publisher)
                    .query("SELECT pg_copy_logical_replication_slot('" + subscription + "', '" + own(subscription)
                            + "')"));
        }
    }

    private static String own(String subscription) {
        return "naive_" + subscription;
    }

    private boolean overlooks(String obstacle) {
        return switch (this) {
            case CAREFUL -> false;
            case LEAVES_THE_SLOT -> obstacle.startsWith("slot naive_");
            case LEAVES_OUT_WHAT_IS_DISABLED -> obstacle.contains("disabled on");
            case LOOKS_AT_NO_TABLE -> obstacle.startsWith("table ");
        };
    }

    @Override
    public void takeOver(MiniCluster cluster, PlannedFailover planned) {
        Node from = cluster.node(planned.primary());
        Node to = cluster.node(planned.standby());
        List<String> obstacles = cluster.standbys().obstacles(from, to).stream()
                .filter(obstacle -> !overlooks(obstacle))
                .toList();
        if (!obstacles.isEmpty()) {
            throw new MiniClusterException(String.join("; ", obstacles) + "; nothing was changed");
        }
        if (from.isRunning()) {
            from.kill();
        }
        List<Row> subscriptions = to.query(SUBSCRIPTIONS).values();
        to.promote();
        subscriptions.forEach(subscription -> lead(cluster, to, subscription));
        to.member().server().configure(Map.of("max_logical_replication_workers", "10"));
        to.restart();
        subscriptions.forEach(subscription -> dropOldSlots(cluster, to, subscription));
    }

    private void dropOldSlots(MiniCluster cluster, Node to, Row subscription) {
        String name = subscription.text(0);
        String used = to.query("SELECT subslotname FROM pg_subscription WHERE subname = ?", name)
                .value();
        cluster.node(PUBLISHERS.getOrDefault(name, ""))
                .query(
                        "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots"
                                + " WHERE slot_name IN (?, ?) AND slot_name <> ? AND NOT active",
                        name,
                        Slots.failover(to.name(), name),
                        used);
    }

    private void lead(MiniCluster cluster, Node to, Row subscription) {
        String name = subscription.text(0);
        boolean enabled = "t".equals(subscription.get(1));
        if (this == LEAVES_OUT_WHAT_IS_DISABLED && !enabled) {
            return;
        }
        Node publisher = cluster.node(PUBLISHERS.getOrDefault(name, ""));
        String position = subscription.get(2);
        String slot = Slots.failover(to.name(), name);
        if (this == LEAVES_THE_SLOT) {
            slot = own(name);
            if (position != null && !position.equals("0/0")) {
                publisher.query(
                        "SELECT pg_replication_slot_advance(slot_name, ?::pg_lsn) FROM pg_replication_slots"
                                + " WHERE slot_name = ? AND confirmed_flush_lsn < ?::pg_lsn",
                        position,
                        slot,
                        position);
            }
        }
        publisher.query(
                "SELECT pg_terminate_backend(active_pid) FROM pg_replication_slots WHERE slot_name = ? AND active",
                subscription.text(3));
        to.execute("ALTER SUBSCRIPTION " + name + " DISABLE");
        to.execute("ALTER SUBSCRIPTION " + name + " SET (slot_name = " + slot + ")");
        if (enabled) {
            to.execute("ALTER SUBSCRIPTION " + name + " ENABLE");
        }
    }
}
