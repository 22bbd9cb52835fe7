package org.pgminicluster.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.history.HistoryEvent.FailedOver;
import org.pgminicluster.history.HistoryEvent.Injected;
import org.pgminicluster.history.HistoryEvent.Promoted;
import org.pgminicluster.history.HistoryEvent.Refused;
import org.pgminicluster.history.HistoryEvent.Rejoined;
import org.pgminicluster.history.Plan.How;
import org.pgminicluster.history.Plan.PlannedFailover;
import org.pgminicluster.journal.Row;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.wait.Seen;

/** The last step of a plan: the standby's link is cut for a while, its primary dies, and the standby takes over. */
final class FailoverStep implements Ticks.Tick {

    /** How the standby takes over. */
    @FunctionalInterface
    interface TakeOver {
        void takeOver(MiniCluster cluster, PlannedFailover planned);
    }

    private static final String REPLAYED =
            "SELECT pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()";
    /** What came last may be half a record, so it may stop before the end: that many looks at the same position. */
    private static final int LOOKS = 200;

    private static final String CONFIRMED = "SELECT confirmed_flush_lsn FROM pg_replication_slots"
            + " WHERE slot_name = ? AND confirmed_flush_lsn IS NOT NULL";

    /** What a refusal ends with. */
    private static final String NOTHING = "; nothing was changed";

    /** One that is refused for what the standby has not replayed goes through when it has; a moment may be needed. */
    private static final int TRIES = 4;

    private final MiniCluster cluster;
    private final HistoryTopology topology;
    private final PlannedFailover planned;
    private final TakeOver takeOver;
    private final Operator operator;
    private final Recorder recorder;
    private final Progress progress;
    private final Succession succession;
    private @Nullable Fault cut;
    private boolean begun;
    private long until;

    FailoverStep(
            MiniCluster cluster,
            HistoryTopology topology,
            PlannedFailover planned,
            TakeOver takeOver,
            Operator operator,
            Recorder recorder,
            Progress progress,
            Succession succession) {
        this.cluster = cluster;
        this.topology = topology;
        this.planned = planned;
        this.takeOver = takeOver;
        this.operator = operator;
        this.recorder = recorder;
        this.progress = progress;
        this.succession = succession;
    }

    @Override
    public boolean isLast() {
        if (!begun) {
            if (progress.isAt(planned.anchor(), planned.after())) {
                begun = true;
                if (planned.lagMillis() > 0) {
                    letLag();
                }
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
            Fault lag = cluster.faults().cut(cluster.node(planned.primary()), cluster.node(planned.standby()));
            cut = lag;
            recorder.add(new Injected(0, lag.description(), lag.proof(), recorder.now()));
            operator.doWhileLagging();
        } catch (MiniClusterException e) {
            recorder.add(new HistoryEvent.Void(0, planned.toString(), String.valueOf(e.getMessage()), recorder.now()));
        }
        until = recorder.now() + planned.lagMillis();
    }

    private void failOver() {
        if (planned.how() != How.SWITCH_OVER) {
            die(planned);
        }
        Fault lag = cut;
        if (lag != null) {
            // Its node is down, so nothing comes of that but that it is in nobody's way.
            lag.heal();
        }
        if (!hasTakenOver(planned)) {
            return;
        }
        if (planned.how() == How.SWITCH_OVER || planned.back()) {
            rejoin(cluster.node(planned.primary()));
        }
        if (planned.back()) {
            PlannedFailover back = planned.andBack();
            die(back);
            hasTakenOver(back);
        }
    }

    private void die(PlannedFailover failover) {
        Node primary = cluster.node(failover.primary());
        if (failover.how() == How.PAUSE_THEN_KILL) {
            primary.pause();
        }
        primary.kill();
        recorder.add(new Injected(0, failover.toString(), "no process of the server is left", recorder.now()));
        progress.gone(failover.primary());
    }

    private boolean hasTakenOver(PlannedFailover failover) {
        for (int i = 0; i < TRIES; i++) {
            if (isDone(failover)) {
                return true;
            }
            replayWhatIsMissing(failover);
        }
        return false;
    }

    /** What a refusal advises: nothing was changed, so the old primary goes on, and the standby replays all it has. */
    private void replayWhatIsMissing(PlannedFailover failover) {
        Node primary = cluster.node(failover.primary());
        if (!primary.isRunning()) {
            primary.start();
        }
        progress.back(failover.primary());
        operator.enableAll();
        topology.feeds().stream()
                .filter(feed -> succession.now(feed.subscriber()).node().equals(failover.primary()))
                .forEach(feed -> cluster.awaitReplicated(
                        succession.now(feed.subscriber()).in(cluster), feed.subscription()));
        cluster.standbys().awaitReplayed(cluster.node(failover.standby()));
    }

    private boolean isDone(PlannedFailover failover) {
        List<Promoted> promoted = promoted(failover);
        long start = recorder.now();
        try {
            takeOver(failover);
        } catch (MiniClusterException e) {
            String why = String.valueOf(e.getMessage());
            if (!why.contains(NOTHING)) {
                throw e;
            }
            recorder.add(new Refused(failover.primary(), failover.standby(), why, recorder.now()));
            return false;
        }
        promoted.forEach(recorder::add);
        recorder.add(new FailedOver(
                failover.primary(),
                failover.standby(),
                failover.how() == How.SWITCH_OVER && failover.killed().isEmpty(),
                recorder.now() - start,
                recorder.now()));
        progress.gone(failover.primary());
        succession.tookOver(failover.primary(), failover.standby());
        return true;
    }

    /** If a publisher dies in its middle, the same call takes it up again when that is back. */
    private void takeOver(PlannedFailover failover) {
        if (failover.killed().isEmpty()) {
            takeOver.takeOver(cluster, failover);
            return;
        }
        Node publisher = cluster.node(failover.killed());
        try (KillAtStep kill = new KillAtStep(cluster.journal(), failover, publisher)) {
            takeOver.takeOver(cluster, failover);
            kill.proof(recorder);
        } catch (MiniClusterException e) {
            if (publisher.isRunning()) {
                throw e;
            }
            recorder.add(new Injected(0, failover.toString(), "stopped: " + e.getMessage(), recorder.now()));
            publisher.start();
            takeOver.takeOver(cluster, failover);
        } finally {
            if (!publisher.isRunning()) {
                publisher.start();
            }
        }
    }

    /** What was the primary becomes a standby of its successor. */
    private void rejoin(Node old) {
        long start = recorder.now();
        if (old.isRunning()) {
            old.stop(StopMode.FAST);
        }
        String program = cluster.standbys().rejoin(old);
        recorder.add(new Rejoined(old.name(), program, recorder.now() - start, recorder.now()));
        progress.back(old.name());
    }

    /** How far the standby has come, and what is confirmed on the slots that it goes on with. */
    private List<Promoted> promoted(PlannedFailover failover) {
        if (!cluster.node(failover.primary()).isRunning()) {
            awaitReplayed(cluster.node(failover.standby()));
        }
        List<Promoted> promoted = new ArrayList<>();
        for (Feed feed : topology.takenOver(failover, succession)) {
            Optional<String> confirmed = feed.publisher().in(cluster).query(CONFIRMED, feed.slot()).column().stream()
                    .map(String::valueOf)
                    .findFirst();
            confirmed.ifPresent(lsn -> feed.firstHand()
                    .forEach(ledger -> promoted(feed, ledger, lsn).ifPresent(promoted::add)));
        }
        return promoted;
    }

    /** While it is copied nobody knows how far it has come. */
    private Optional<Promoted> promoted(Feed feed, Ledger ledger, String confirmed) {
        return feed.subscriber().in(cluster).query(ledger.progress()).column().stream()
                .filter(n -> n != null)
                .findFirst()
                .map(n -> new Promoted(
                        feed.subscriber().name(),
                        ledger.id(),
                        feed.slot(),
                        confirmed,
                        Long.parseLong(n),
                        recorder.now()));
    }

    private void awaitReplayed(Node standby) {
        List<String> seen = new ArrayList<>();
        cluster.await("the standby to have replayed what it has got", () -> {
            Row row = standby.query(REPLAYED).values().get(0);
            seen.add(String.valueOf(row.get(1)));
            int from = Math.max(0, seen.size() - LOOKS);
            boolean still = seen.size() >= LOOKS
                    && seen.subList(from, seen.size()).stream().distinct().count() == 1;
            return Seen.of("t".equals(row.get(0)) || still, seen.get(seen.size() - 1));
        });
    }
}
