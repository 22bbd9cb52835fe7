package org.pgminicluster.speed;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.topology.HomeworkTopology;

/**
 * How long one homework scenario takes from nothing to converged and everything gone: the median of some runs in one
 * JVM, after one that is not counted. Then the memory that each node took in the last one, when all had converged.
 *
 * <pre>mvn -q test-compile exec:java -Dexec.mainClass=org.pgminicluster.speed.ScenarioSpeed \
 *     -Dexec.classpathScope=test -Dminicluster.servers=process -Dexec.args=5</pre>
 */
public final class ScenarioSpeed {

    private ScenarioSpeed() {}

    private record Run(double start, double converge, double close, Map<String, Long> memory) {
        double total() {
            return start + converge + close;
        }
    }

    public static void main(String[] args) {
        int count = args.length == 0 ? 5 : Integer.parseInt(args[0]);
        Run first = run();
        List<Run> runs = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            runs.add(run());
        }
        print("first", List.of(first));
        print("median of " + count, runs);
        runs.get(count - 1).memory().forEach((node, mib) -> System.out.println(node + ": " + mib + " MiB"));
        System.exit(0);
    }

    private static Run run() {
        long begin = System.nanoTime();
        MiniCluster cluster =
                MiniCluster.of(HomeworkTopology.create()).name("speed").start();
        long started = System.nanoTime();
        long converged;
        long looked;
        Map<String, Long> memory;
        try (cluster) {
            cluster.node("vm1").execute("INSERT INTO test VALUES (1, 'one')");
            cluster.node("vm2").execute("INSERT INTO test2 VALUES (1, 'one')");
            cluster.awaitReplicated();
            cluster.awaitConverged("test", "vm1", "vm2", "vm3");
            cluster.awaitConverged("test2", "vm1", "vm2", "vm3");
            converged = System.nanoTime();
            memory = NodeMemory.of(cluster);
            looked = System.nanoTime();
        }
        long closed = System.nanoTime();
        return new Run(seconds(begin, started), seconds(started, converged), seconds(looked, closed), memory);
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }

    private static void print(String what, List<Run> runs) {
        System.out.printf(
                Locale.ROOT,
                "%-12s total %.2f s: start and set up %.2f, converge %.2f, close %.2f%n",
                what,
                median(runs.stream().map(Run::total).toList()),
                median(runs.stream().map(Run::start).toList()),
                median(runs.stream().map(Run::converge).toList()),
                median(runs.stream().map(Run::close).toList()));
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}
