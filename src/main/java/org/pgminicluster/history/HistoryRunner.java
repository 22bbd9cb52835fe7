package org.pgminicluster.history;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.history.HistoryEvent.Begun;
import org.pgminicluster.history.HistoryEvent.Copy;
import org.pgminicluster.history.HistoryEvent.Ended;

/** Runs plans, each on a cluster of its own. */
public final class HistoryRunner {

    /** The name of the recorded history in the cluster's directory. */
    public static final String HISTORY = "history.jsonl";

    /** The name of the plan in the cluster's directory. */
    public static final String PLAN = "plan.jsonl";

    private static final Duration WRITE = Duration.ofMillis(25);
    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration BREAK = Duration.ofMillis(10);
    private static final Duration MOST = Duration.ofMinutes(3);
    private static final long WAL_BOUND = 256L << 20;

    private final HistoryTopology topology;
    private final Duration healBound;
    private final FailoverStep.TakeOver takeOver;

    private HistoryRunner(HistoryTopology topology, Duration healBound, FailoverStep.TakeOver takeOver) {
        this.topology = topology;
        this.healBound = healBound;
        this.takeOver = takeOver;
    }

    /** What a run has left: its history, and where that, the plan and the servers' logs are. */
    public record Run(History history, Path directory) {}

    /**
     * Runs a plan on the topology of its profile, and returns what happened when the cluster is gone.
     *
     * @param name of the directory under {@code target/minicluster}
     * @throws org.pgminicluster.MiniClusterException if the cluster does not start, or the run does not come to an end
     */
    public static Run run(Plan plan, String name) {
        return on(HistoryTopology.of(plan.profile()), Duration.ofSeconds(30)).runOn(plan, name);
    }

    static HistoryRunner on(HistoryTopology topology, Duration healBound) {
        return new HistoryRunner(
                topology, healBound, cluster -> cluster.failOver(HistoryTopology.PRIMARY, HistoryTopology.STANDBY));
    }

    /** The same with another way to take over. */
    HistoryRunner takingOver(FailoverStep.TakeOver otherWay) {
        return new HistoryRunner(topology, healBound, otherWay);
    }

    Run runOn(Plan plan, String name) {
        try (MiniCluster cluster = MiniCluster.of(topology.create()).name(name).start()) {
            topology.finish(cluster);
            plan.writeTo(cluster.directory().resolve(PLAN));
            Recorder recorder = new Recorder();
            try {
                run(plan, cluster, recorder);
            } finally {
                recorder.history().writeTo(cluster.directory().resolve(HISTORY));
            }
            return new Run(recorder.history(), cluster.directory());
        }
    }

    private void run(Plan plan, MiniCluster cluster, Recorder recorder) {
        recorder.add(begun(plan, cluster));
        Progress progress = new Progress();
        Plan.PlannedFailover failover = plan.failover();
        Injector injector = new Injector(
                cluster,
                plan.faults(),
                recorder,
                progress,
                failover == null
                        ? () -> true
                        : new FailoverStep(cluster, topology, failover, takeOver, recorder, progress));
        try (Crew crew = new Crew()) {
            for (HistoryTopology.Link link : topology.copies()) {
                Reader reader =
                        new Reader(cluster.node(link.subscriber()), link.source(), link.subscription(), recorder);
                crew.add("reader of " + link.subscription() + " on " + link.subscriber(), LOOK, reader, reader::close);
            }
            List<Ticks> work = new ArrayList<>();
            for (Source source : Source.values()) {
                Writer writer = new Writer(
                        cluster.node(source.publisher()),
                        source,
                        plan.writes().stream()
                                .filter(write -> write.source() == source)
                                .toList(),
                        recorder,
                        progress);
                work.add(crew.add("writer on " + source.publisher(), WRITE, writer, writer::close));
            }
            cluster.nodes().forEach(node -> {
                Intruder intruder = new Intruder(
                        node,
                        plan.forbidden().stream()
                                .filter(write -> write.node().equals(node.name()))
                                .toList(),
                        recorder,
                        progress);
                work.add(crew.add("intruder on " + node.name(), BREAK, intruder, intruder::close));
            });
            work.add(crew.add("injector", BREAK, injector, () -> {}));
            work.forEach(it -> it.await(MOST));
            injector.healAll();
            FinalLook look = new FinalLook(cluster, recorder, topology.linksInTheEnd(failover != null));
            boolean follows = failover == null && topology.standby() != HistoryTopology.Standby.NONE;
            look.settle(healBound, follows ? List.of(HistoryTopology.STANDBY) : List.of());
            look.rows();
            recorder.add(new Ended(recorder.now()));
        }
    }

    private Begun begun(Plan plan, MiniCluster cluster) {
        return new Begun(
                plan.seed(),
                plan.profile(),
                cluster.version().full(),
                topology.synchronousCommit(),
                // Each subscription is waited for in its turn, first until it is copied and then until it has caught
                // up.
                2L * topology.copies().size() * healBound.toMillis(),
                WAL_BOUND,
                topology.copies().stream()
                        .map(link -> new Copy(link.subscriber(), link.source()))
                        .toList(),
                topology.linksInTheEnd(plan.failover() != null).stream()
                        .map(link -> link.publisher() + "/" + link.slot())
                        .toList());
    }

    /** Those who are at work; they stop, and give back what they have, in reverse. */
    private static final class Crew implements AutoCloseable {

        private final Deque<Runnable> closing = new ArrayDeque<>();

        Ticks add(String name, Duration pace, Ticks.Tick tick, Runnable close) {
            closing.push(close);
            Ticks ticks = Ticks.start(name, pace, tick);
            closing.push(ticks::close);
            return ticks;
        }

        @Override
        public void close() {
            closing.forEach(Runnable::run);
        }
    }
}
