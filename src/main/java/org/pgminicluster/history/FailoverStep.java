package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.Fault;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HistoryEvent.FailedOver;
import org.pgminicluster.history.HistoryEvent.Injected;
import org.pgminicluster.history.HistoryEvent.Promoted;
import org.pgminicluster.history.Plan.FaultKind;
import org.pgminicluster.history.Plan.PlannedFailover;
import org.pgminicluster.journal.Row;

/** The last step of a plan: the standby's link is cut for a while, its primary dies, and the standby takes over. */
final class FailoverStep implements Ticks.Tick {

    /** How the standby takes over. */
    @FunctionalInterface
    interface TakeOver {
        void takeOver(MiniCluster cluster);
    }

    private static final String REPLAYED =
            "SELECT pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()";
    /** What came last may be half a record, so it may stop before the end: that many looks at the same position. */
    private static final int LOOKS = 200;

    private static final String CONFIRMED = "SELECT confirmed_flush_lsn FROM pg_replication_slots"
            + " WHERE slot_name = ? AND confirmed_flush_lsn IS NOT NULL";

    private final MiniCluster cluster;
    private final HistoryTopology topology;
    private final PlannedFailover planned;
    private final TakeOver takeOver;
    private final Recorder recorder;
    private final Progress progress;
    private @Nullable Fault cut;
    private boolean begun;
    private long until;

    FailoverStep(
            MiniCluster cluster,
            HistoryTopology topology,
            PlannedFailover planned,
            TakeOver takeOver,
            Recorder recorder,
            Progress progress) {
        this.cluster = cluster;
        this.topology = topology;
        this.planned = planned;
        this.takeOver = takeOver;
        this.recorder = recorder;
        this.progress = progress;
    }

    @Override
    public boolean isLast() {
        if (!begun) {
            if (progress.isAt(planned.anchor(), planned.after())) {
                begun = true;
                letLag();
            }
            return false;
        }
        if (recorder.now() < until) {
            return false;
        }
        failOver();
        return true;
    }

    private void letLag() {
        try {
            Fault lag = cluster.faults().cut(primary(), standby());
            cut = lag;
            recorder.add(new Injected(0, lag.description(), lag.proof(), recorder.now()));
        } catch (MiniClusterException e) {
            recorder.add(new HistoryEvent.Void(0, planned.toString(), String.valueOf(e.getMessage()), recorder.now()));
        }
        until = recorder.now() + planned.lagMillis();
    }

    private void failOver() {
        if (planned.how() == FaultKind.PAUSE_THEN_KILL) {
            primary().pause();
        }
        primary().kill();
        recorder.add(new Injected(0, planned.toString(), "no process of the server is left", recorder.now()));
        progress.gone(HistoryTopology.PRIMARY);
        Fault lag = cut;
        if (lag != null) {
            // Its node is down, so nothing comes of that but that it is in nobody's way.
            lag.heal();
        }
        promoted();
        long start = recorder.now();
        takeOver.takeOver(cluster);
        recorder.add(new FailedOver(
                HistoryTopology.PRIMARY, HistoryTopology.STANDBY, recorder.now() - start, recorder.now()));
    }

    /** How far the standby has come, and what is confirmed on the slots that it goes on with. */
    private void promoted() {
        awaitReplayed();
        for (HistoryTopology.Link link : topology.takenOver()) {
            String n =
                    standby().query("SELECT n FROM " + link.source().counter()).value();
            Optional<String> confirmed = cluster.node(link.publisher()).query(CONFIRMED, link.slot()).column().stream()
                    .map(String::valueOf)
                    .findFirst();
            confirmed.ifPresent(lsn -> recorder.add(new Promoted(
                    link.subscriber(),
                    link.source(),
                    link.slot(),
                    lsn,
                    Long.parseLong(String.valueOf(n)),
                    recorder.now())));
        }
    }

    private void awaitReplayed() {
        List<String> seen = new ArrayList<>();
        cluster.await("the standby to have replayed what it has got", () -> {
            Row row = standby().query(REPLAYED).values().get(0);
            seen.add(String.valueOf(row.get(1)));
            int from = Math.max(0, seen.size() - LOOKS);
            boolean still = seen.size() >= LOOKS
                    && seen.subList(from, seen.size()).stream().distinct().count() == 1;
            return new MiniCluster.Seen("t".equals(row.get(0)) || still, seen.get(seen.size() - 1));
        });
    }

    private Node primary() {
        return cluster.node(HistoryTopology.PRIMARY);
    }

    private Node standby() {
        return cluster.node(HistoryTopology.STANDBY);
    }
}
