package org.pgminicluster.speed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.cluster.FreshDatabases;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Starter;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.topology.HomeworkTopology;

/** What a test pays for what it does not share with others: a cluster of its own, or databases of its own. */
final class IsolationPart {

    private static final int TESTS = 100;

    /** Of hundreds of tests, the first few are those in which the JVM gets to know its work. */
    private static final int UNCOUNTED = 20;

    private final BenchSettings bench;
    private final Kinds kinds;
    private final Results results;

    IsolationPart(BenchSettings bench, Kinds kinds, Results results) {
        this.bench = bench;
        this.kinds = kinds;
        this.results = results;
    }

    void measure() {
        for (var kind : kinds.had().entrySet()) {
            ObjectNode figures = results.object("isolation").withObjectProperty(kind.getKey());
            List<Double> own = new ArrayList<>();
            for (int i = 0; i <= bench.streak(); i++) {
                long begun = System.nanoTime();
                starter(kind.getValue()).start().close();
                own.add(since(begun));
            }
            put(figures, "ownClusterMillis", own.subList(1, own.size()));
            fresh(figures, starter(kind.getValue()));
            results.progress("isolation, " + kind.getKey() + ": " + figures);
        }
    }

    private static Starter starter(ServerSettings settings) {
        return MiniCluster.of(HomeworkTopology.create()).name("bench").settings(settings);
    }

    /** From when a test asks for its databases to when they are set up, and from its end to when they are gone. */
    private static void fresh(ObjectNode figures, Starter starter) {
        long begun = System.nanoTime();
        List<Double> all = new ArrayList<>();
        List<Double> starts = new ArrayList<>();
        try (FreshDatabases shared = FreshDatabases.start(starter)) {
            Results.put(figures, "sharedOnceMillis", since(begun));
            for (int i = 0; i < UNCOUNTED + TESTS; i++) {
                long test = System.nanoTime();
                try (MiniCluster cluster = shared.next("bench-" + i).start()) {
                    starts.add(since(test));
                }
                all.add(since(test));
            }
        }
        put(figures, "freshDatabasesMillis", all.subList(UNCOUNTED, all.size()));
        put(figures, "freshDatabasesStartMillis", starts.subList(UNCOUNTED, starts.size()));
    }

    private static void put(ObjectNode figures, String name, List<Double> values) {
        Results.put(figures, name, Figures.median(values));
        Results.put(figures, name.replace("Millis", "P90Millis"), Figures.quantile(values, 0.9));
    }

    private static double since(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }
}
