package org.pgminicluster.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.fault.Faults;
import org.pgminicluster.history.HistoryEvent.Confirmed;
import org.pgminicluster.history.HistoryEvent.Healed;
import org.pgminicluster.history.HistoryEvent.Injected;
import org.pgminicluster.history.Plan.PlannedFault;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.server.StopMode;

/** Breaks and heals as planned. A fault that cannot be proven is void. */
final class Injector implements Ticks.Tick {

    private static final Slowness SLOW = Slowness.latency(Duration.ofMillis(60)).withJitter(Duration.ofMillis(30));

    private record Open(PlannedFault planned, Fault fault, long until) {}

    private final MiniCluster cluster;
    private final HistoryTopology topology;
    private final List<PlannedFault> faults;
    private final Operator operator;
    private final Recorder recorder;
    private final Progress progress;
    private final Ticks.Tick last;
    private final List<Open> open = new ArrayList<>();
    private int next;
    private boolean healedAgain;
    private int starts = 20;

    /** @param last what comes when all faults are healed */
    Injector(
            MiniCluster cluster,
            HistoryTopology topology,
            List<PlannedFault> faults,
            Operator operator,
            Recorder recorder,
            Progress progress,
            Ticks.Tick last) {
        this.cluster = cluster;
        this.topology = topology;
        this.faults = List.copyOf(faults);
        this.operator = operator;
        this.recorder = recorder;
        this.progress = progress;
        this.last = last;
    }

    @Override
    public boolean isLast() {
        healThoseWhoseTimeIsUp();
        if (open.isEmpty() && !isAnyDown()) {
            operator.doWhatIsDue();
        }
        if (next < faults.size()) {
            PlannedFault planned = faults.get(next);
            boolean mayBegin = open.isEmpty() || planned.overlapping();
            if (mayBegin && progress.isAt(planned.anchor(), planned.after())) {
                next++;
                inject(planned);
            }
        }
        if (next < faults.size() || !open.isEmpty()) {
            return false;
        }
        healWhatIsLeft();
        if (isAnyDown() && starts > 0) {
            starts--;
            startWhatIsDown();
            return false;
        }
        return !operator.isWaiting() && last.isLast();
    }

    /** Somebody else may have had its port for a while, and writers would wait for it in vain. */
    private void startWhatIsDown() {
        try {
            healAll();
        } catch (MiniClusterException e) {
            recorder.add(new Healed(0, firstLine(e), recorder.now()));
        }
    }

    private boolean isAnyDown() {
        return cluster.nodes().stream().anyMatch(node -> !progress.isGone(node.name()) && !node.isRunning());
    }

    private static String firstLine(MiniClusterException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    /** What could not be healed while something else was broken; once, and then it is judged in the end. */
    private void healWhatIsLeft() {
        if (!healedAgain) {
            healedAgain = true;
            List<Fault> left = new ArrayList<>(cluster.faults().open());
            Collections.reverse(left);
            left.forEach(Injector::heal);
        }
    }

    /** Whether all goes on in the end is judged in the end. */
    private static String heal(Fault fault) {
        try {
            fault.heal();
            return "healed";
        } catch (MiniClusterException e) {
            return firstLine(e);
        }
    }

    private void healThoseWhoseTimeIsUp() {
        for (Open broken : List.copyOf(open)) {
            if (recorder.now() >= broken.until()) {
                open.remove(broken);
                recorder.add(new Healed(broken.planned().id(), heal(broken.fault()), recorder.now()));
            }
        }
    }

    private void inject(PlannedFault planned) {
        try {
            if (planned.faultKind().isOfLink()) {
                operator.enableOn(planned.nodes());
            }
            Fault fault = begin(planned);
            recorder.add(new Injected(planned.id(), planned.toString(), fault.proof(), recorder.now()));
            open.add(new Open(planned, fault, recorder.now() + planned.lastsMillis()));
            if (planned.faultKind().isCrash()) {
                topology.feeds().stream()
                        .filter(feed -> feed.subscriber().node().equals(planned.node()))
                        .forEach(this::confirmed);
            }
        } catch (MiniClusterException e) {
            recorder.add(new HistoryEvent.Void(planned.id(), planned.toString(), firstLine(e), recorder.now()));
        }
    }

    private Fault begin(PlannedFault planned) {
        Faults breaks = cluster.faults();
        Node node = cluster.node(planned.node());
        return switch (planned.faultKind()) {
            case KILL -> breaks.kill(node);
            case STOP_FAST -> breaks.stop(node, StopMode.FAST);
            case STOP_IMMEDIATE -> breaks.stop(node, StopMode.IMMEDIATE);
            case PAUSE -> breaks.pause(node);
            case PAUSE_THEN_KILL -> {
                node.pause();
                yield breaks.kill(node);
            }
            case ISOLATE -> breaks.isolate(node);
            case CUT -> breaks.cut(node, cluster.node(planned.peer()));
            case STALL ->
                topology.isStandby(planned.peer())
                        ? breaks.stall(cluster.node(planned.peer()))
                        : onFeed(planned, breaks::stall);
            case SLOW -> onFeed(planned, (subscriber, subscription) -> breaks.slow(subscriber, subscription, SLOW));
            case TERMINATE_WALSENDER -> onFeed(planned, breaks::terminateWalsender);
            case TERMINATE_APPLY_WORKER -> onFeed(planned, breaks::terminateApplyWorker);
        };
    }

    private Fault onFeed(PlannedFault planned, BiFunction<Node, String, Fault> fault) {
        Feed feed = topology.feed(planned.node(), planned.peer());
        return fault.apply(feed.subscriber().in(cluster), feed.subscription());
    }

    /** What the one that is down has confirmed; it must still have that when it is up again. */
    private void confirmed(Feed feed) {
        Node publisher = feed.publisher().in(cluster);
        if (!publisher.isRunning() || publisher.isPaused()) {
            return;
        }
        try {
            Optional<String> lsn = publisher
                    .query(
                            "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = ?"
                                    + " AND confirmed_flush_lsn IS NOT NULL",
                            feed.slot())
                    .column()
                    .stream()
                    .map(String::valueOf)
                    .findFirst();
            lsn.ifPresent(position -> feed.firstHand()
                    .forEach(ledger -> recorder.add(new Confirmed(
                            feed.subscriber().name(), ledger.id(), feed.slot(), position, recorder.now()))));
        } catch (MiniClusterException e) {
            // Nothing is known, so nothing is judged.
        }
    }

    /** Whatever is not as it should be is put right, as far as it can be. */
    void healAll() {
        for (Node node : cluster.nodes()) {
            if (progress.isGone(node.name())) {
                continue;
            }
            if (node.isPaused()) {
                node.resume();
            }
            if (!node.isRunning()) {
                node.start();
            }
        }
    }
}
