package org.pgminicluster.history;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.Fault;
import org.pgminicluster.cluster.Faults;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
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
    private final List<PlannedFault> faults;
    private final Recorder recorder;
    private final Progress progress;
    private final Ticks.Tick last;
    private final List<Open> open = new ArrayList<>();
    private int next;
    private boolean healedAgain;

    /** @param last what comes when all faults are healed */
    Injector(MiniCluster cluster, List<PlannedFault> faults, Recorder recorder, Progress progress, Ticks.Tick last) {
        this.cluster = cluster;
        this.faults = List.copyOf(faults);
        this.recorder = recorder;
        this.progress = progress;
        this.last = last;
    }

    @Override
    public boolean isLast() {
        healThoseWhoseTimeIsUp();
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
        return last.isLast();
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
            return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
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
            Fault fault = begin(planned);
            recorder.add(new Injected(planned.id(), planned.toString(), fault.proof(), recorder.now()));
            open.add(new Open(planned, fault, recorder.now() + planned.lastsMillis()));
            if (planned.faultKind().isCrash()) {
                HistoryTopology.LINKS.stream()
                        .filter(link -> link.subscriber().equals(planned.node()))
                        .forEach(this::confirmed);
            }
        } catch (MiniClusterException e) {
            recorder.add(new HistoryEvent.Void(
                    planned.id(),
                    planned.toString(),
                    String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    recorder.now()));
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
                planned.peer().equals(HistoryTopology.STANDBY)
                        ? breaks.stall(cluster.node(planned.peer()))
                        : breaks.stall(cluster.node(planned.peer()), subscription(planned));
            case SLOW -> breaks.slow(cluster.node(planned.peer()), subscription(planned), SLOW);
            case TERMINATE_WALSENDER -> breaks.terminateWalsender(cluster.node(planned.peer()), subscription(planned));
            case TERMINATE_APPLY_WORKER ->
                breaks.terminateApplyWorker(cluster.node(planned.peer()), subscription(planned));
        };
    }

    private static String subscription(PlannedFault planned) {
        return HistoryTopology.link(planned.node(), planned.peer()).subscription();
    }

    /** What the one that is down has confirmed; it must still have that when it is up again. */
    private void confirmed(HistoryTopology.Link link) {
        Node publisher = cluster.node(link.publisher());
        if (!publisher.isRunning() || publisher.isPaused()) {
            return;
        }
        try {
            Optional<String> lsn = publisher
                    .query(
                            "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = ?"
                                    + " AND confirmed_flush_lsn IS NOT NULL",
                            link.slot())
                    .column()
                    .stream()
                    .map(String::valueOf)
                    .findFirst();
            lsn.ifPresent(position -> recorder.add(
                    new Confirmed(link.subscriber(), link.source(), link.slot(), position, recorder.now())));
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
