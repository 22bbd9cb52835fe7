package org.pgminicluster.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.topology.HomeworkTopology;

/** The homework scenario with this library and its defaults: started, written, converged and gone. */
final class OurScenario {

    private final ServerSettings settings;

    OurScenario(ServerSettings settings) {
        this.settings = settings;
    }

    /**
     * Scenarios that follow each other without a pause, so that what is prepared or taken away in the background has no
     * idle time to do it in.
     *
     * @param first the one before which the machine was idle; it is not among the others
     * @param millis the time of one scenario by the clock, as the whole streak went on
     * @param wholeCpuSeconds of the whole machine, for one scenario
     * @param ownCpuSeconds of this JVM and of the processes that it started and that have ended, for one scenario
     */
    record Streak(Phases first, List<Phases> others, double millis, double wholeCpuSeconds, double ownCpuSeconds) {}

    Streak streak(int count) {
        Phases first = run();
        Machine.Cpu before = Machine.cpu();
        long begun = System.nanoTime();
        List<Phases> others = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            others.add(run());
        }
        double millis = (System.nanoTime() - begun) / 1e6;
        Machine.Cpu used = Machine.cpu().minus(before);
        return new Streak(first, others, millis / count, used.busySeconds() / count, used.ownSeconds() / count);
    }

    Phases run() {
        long begun = System.nanoTime();
        long started;
        long converged;
        try (MiniCluster cluster = start()) {
            started = System.nanoTime();
            converge(cluster);
            converged = System.nanoTime();
        }
        return Phases.between(begun, started, converged, System.nanoTime());
    }

    /** MiB of each node when all has converged. */
    Map<String, Long> memory() {
        try (MiniCluster cluster = start()) {
            converge(cluster);
            return NodeMemory.of(cluster);
        }
    }

    private MiniCluster start() {
        return MiniCluster.of(HomeworkTopology.create())
                .name("bench")
                .settings(settings)
                .start();
    }

    private static void converge(MiniCluster cluster) {
        cluster.node("vm1").execute("INSERT INTO test VALUES (1, 'one')");
        cluster.node("vm2").execute("INSERT INTO test2 VALUES (1, 'one')");
        cluster.awaitReplicated();
        cluster.awaitConverged("test", "vm1", "vm2", "vm3");
        cluster.awaitConverged("test2", "vm1", "vm2", "vm3");
    }
}
