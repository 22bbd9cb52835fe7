package org.pgminicluster.history;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.MiniCluster;

/** Runs plans on a topology, each on a cluster of its own. */
final class HistoryRunner {

    /** The name of the recorded history in the cluster's directory. */
    static final String HISTORY = "history.jsonl";

    /** The name of the plan in the cluster's directory. */
    static final String PLAN = "plan.jsonl";

    private final HistoryTopology topology;
    private final Duration healBound;
    private final FailoverStep.TakeOver takeOver;
    private final @Nullable Sabotage sabotage;

    private HistoryRunner(
            HistoryTopology topology, Duration healBound, FailoverStep.TakeOver takeOver, @Nullable Sabotage sabotage) {
        this.topology = topology;
        this.healBound = healBound;
        this.takeOver = takeOver;
        this.sabotage = sabotage;
    }

    /** What a run has left: its history, and where that, the plan and the servers' logs are. */
    record Run(History history, Path directory) {}

    static HistoryRunner on(HistoryTopology topology, Duration healBound) {
        return new HistoryRunner(
                topology,
                healBound,
                (cluster, planned) -> cluster.failOver(planned.primary(), planned.standby()),
                null);
    }

    /** The same with another way to take over. */
    HistoryRunner takingOver(FailoverStep.TakeOver otherWay) {
        return new HistoryRunner(topology, healBound, otherWay, sabotage);
    }

    HistoryRunner sabotaged(@Nullable Sabotage other) {
        return new HistoryRunner(topology, healBound, takeOver, other);
    }

    /**
     * Runs a plan, and returns what happened when the cluster is gone.
     *
     * @param name of the directory under {@code target/minicluster}
     * @throws org.pgminicluster.MiniClusterException if the cluster does not start, or the run does not come to an end
     */
    Run run(Plan plan, String name) {
        try (MiniCluster cluster =
                MiniCluster.of(topology.topology()).name(name).start()) {
            plan.writeTo(cluster.directory().resolve(PLAN));
            RunningHistory running = new RunningHistory(topology, plan, cluster);
            try {
                running.run(takeOver, sabotage, healBound);
            } finally {
                running.history().writeTo(cluster.directory().resolve(HISTORY));
            }
            return new Run(running.history(), cluster.directory());
        }
    }
}
