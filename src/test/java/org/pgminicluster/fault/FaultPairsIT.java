package org.pgminicluster.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.state.SlotState;
import org.pgminicluster.topology.HomeworkTopology;

/**
 * Any two faults of one link overlap, its ends are paused, killed or restarted meanwhile, and both are healed, in either
 * order: what cannot be healed at once stays listed and is healed later, nothing is forgotten, and all streams again.
 */
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class FaultPairsIT {

    /**
     * Each pair meets one of the disturbances, in turn; with this property set, all of them. Without it containers, where
     * a fault costs several times what it costs as a process, have each pair of kinds in one order only.
     */
    private static final boolean ALL = Boolean.getBoolean("minicluster.pairs.all");

    private static final String SUBSCRIPTION = "vm3_test_sub";

    private enum Kind {
        KILL,
        STOP,
        PAUSE,
        CUT_LINK,
        CUT_SUBSCRIPTION,
        ISOLATE,
        STALL,
        SLOW,
        TERMINATE_WALSENDER,
        TERMINATE_APPLY_WORKER,
        DROP_SLOT,
        LIMIT_SLOT_WAL,
        LOSE_SLOT;

        Fault open(MiniCluster cluster) {
            Node publisher = cluster.node("vm1");
            Node subscriber = cluster.node("vm3");
            Faults faults = cluster.faults();
            return switch (this) {
                case KILL -> faults.kill(publisher);
                case STOP -> faults.stop(subscriber, StopMode.FAST);
                case PAUSE -> faults.pause(publisher);
                case CUT_LINK -> faults.cut(publisher, subscriber);
                case CUT_SUBSCRIPTION -> faults.cut(subscriber, SUBSCRIPTION);
                case ISOLATE -> faults.isolate(subscriber);
                case STALL -> faults.stall(subscriber, SUBSCRIPTION);
                case SLOW -> faults.slow(subscriber, SUBSCRIPTION, Slowness.latency(Duration.ofMillis(1)));
                case TERMINATE_WALSENDER -> faults.terminateWalsender(subscriber, SUBSCRIPTION);
                case TERMINATE_APPLY_WORKER -> faults.terminateApplyWorker(subscriber, SUBSCRIPTION);
                case DROP_SLOT -> faults.dropSlot(publisher, SUBSCRIPTION);
                case LIMIT_SLOT_WAL -> faults.limitSlotWal(publisher, 8);
                case LOSE_SLOT -> faults.loseSlot(publisher, SUBSCRIPTION);
            };
        }
    }

    private enum Disturbance {
        PAUSE_PUBLISHER("vm1"),
        KILL_SUBSCRIBER("vm3"),
        RESTART_PUBLISHER("vm1"),
        PAUSE_SUBSCRIBER("vm3"),
        KILL_PUBLISHER("vm1"),
        RESTART_SUBSCRIBER("vm3");

        private final String node;

        Disturbance(String node) {
            this.node = node;
        }

        /** It lasts until the node is {@link #back brought back}; a node that is not there cannot be disturbed. */
        void disturb(MiniCluster cluster) {
            Node disturbed = cluster.node(node);
            try {
                switch (this) {
                    case PAUSE_PUBLISHER, PAUSE_SUBSCRIBER -> disturbed.pause();
                    case KILL_PUBLISHER, KILL_SUBSCRIBER -> disturbed.kill();
                    case RESTART_PUBLISHER, RESTART_SUBSCRIBER -> disturbed.restart();
                }
            } catch (MiniClusterException e) {
                assertThat(e).hasMessageStartingWith("expected " + node + " to ");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void is_healed_beside_any_other(Kind first) {
        List<String> wrong = new ArrayList<>();
        Optional<MiniCluster> running = Optional.empty();
        try {
            for (Kind second : besides(first)) {
                List<Disturbance> disturbances = new ArrayList<>(List.of(Disturbance.values()));
                Collections.rotate(disturbances, -(first.ordinal() + second.ordinal()));
                for (Disturbance disturbance : disturbances.subList(0, ALL ? disturbances.size() : 1)) {
                    boolean lastFirst = (first.ordinal() * 3 + second.ordinal() + disturbance.ordinal()) % 2 == 0;
                    if (running.isEmpty()) {
                        running = Optional.of(MiniCluster.of(HomeworkTopology.create())
                                .name("FaultPairsIT-" + first)
                                .start());
                    }
                    String pair = first + ", " + second + ", " + disturbance + ", healed "
                            + (lastFirst ? "the last one first" : "the first one first");
                    try {
                        overlap(running.get(), first, second, disturbance, lastFirst);
                    } catch (RuntimeException | AssertionError e) {
                        wrong.add(pair + ":\n"
                                + String.valueOf(e.getMessage())
                                        .lines()
                                        .limit(6)
                                        .toList());
                        closed(running.get(), wrong, pair);
                        running = Optional.empty();
                    }
                }
            }
        } finally {
            running.ifPresent(cluster -> closed(cluster, wrong, first + ", in the end"));
        }
        assertThat(wrong).as("pairs with " + first).isEmpty();
    }

    /** Of each two kinds, one of the two has the other among its own, and itself. */
    private static List<Kind> besides(Kind first) {
        List<Kind> all = new ArrayList<>(List.of(Kind.values()));
        if (ALL || MiniCluster.serverKind(ServerSettings.fromSystemProperties()) == ServerKind.PROCESS) {
            return all;
        }
        Collections.rotate(all, -first.ordinal());
        return all.subList(0, all.size() / 2 + 1);
    }

    private static void closed(MiniCluster cluster, List<String> wrong, String when) {
        try {
            cluster.close();
        } catch (RuntimeException e) {
            wrong.add(when + ", closed:\n"
                    + String.valueOf(e.getMessage()).lines().limit(3).toList());
        }
    }

    private static void overlap(
            MiniCluster cluster, Kind first, Kind second, Disturbance disturbance, boolean lastFirst) {
        List<Fault> faults = Stream.of(first, second)
                .flatMap(kind -> opened(cluster, kind).stream())
                .toList();
        assertThat(cluster.faults().open()).containsExactlyElementsOf(faults);
        disturbance.disturb(cluster);
        List<Fault> order = new ArrayList<>(faults);
        if (lastFirst) {
            Collections.reverse(order);
        }

        order.forEach(fault -> tried(cluster, fault));
        // What the disturbance left down or frozen, nobody else brings back.
        back(cluster.node("vm1"));
        back(cluster.node("vm3"));
        order.forEach(fault -> {
            fault.heal();
            fault.heal();
            assertThat(fault.isOpen()).as(fault.description()).isFalse();
        });
        assertThat(cluster.faults().open()).isEmpty();
        assertStreams(cluster);
    }

    /** Empty if the other one makes it impossible, which is said in a sentence. */
    private static Optional<Fault> opened(MiniCluster cluster, Kind kind) {
        List<Fault> before = cluster.faults().open();
        try {
            return Optional.of(kind.open(cluster));
        } catch (MiniClusterException e) {
            assertThat(e).as(kind + " refused").message().matches("expected .+, but .+");
            assertThat(cluster.faults().open()).as("after a refusal of " + kind).isEqualTo(before);
            return Optional.empty();
        }
    }

    /** Healed at once, or still listed, with the reason. */
    private static void tried(MiniCluster cluster, Fault fault) {
        try {
            fault.heal();
            assertThat(cluster.faults().open()).doesNotContain(fault);
        } catch (MiniClusterException e) {
            assertThat(fault.isOpen()).isTrue();
            assertThat(fault.failure())
                    .contains(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
            assertThat(cluster.faults().open()).contains(fault);
        }
    }

    private static void back(Node node) {
        if (!node.isRunning()) {
            node.start();
        } else if (node.isPaused()) {
            node.resume();
        }
    }

    private static void assertStreams(MiniCluster cluster) {
        Node vm1 = cluster.node("vm1");
        Node vm3 = cluster.node("vm3");
        Optional<SlotState> slot = vm1.currentSlot(SUBSCRIPTION);
        if (slot.isEmpty() || slot.get().lost()) {
            cluster.reseed(vm3, SUBSCRIPTION);
        }
        cluster.node("vm1").execute("INSERT INTO test SELECT coalesce(max(id), 0) + 1, 'again' FROM test");
        cluster.node("vm2").execute("INSERT INTO test2 SELECT coalesce(max(id), 0) + 1, 'again' FROM test2");
        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(cluster).table("test2").convergesOn("vm2", "vm1", "vm3");
    }
}
