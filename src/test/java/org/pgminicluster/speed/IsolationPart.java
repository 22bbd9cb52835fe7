package org.pgminicluster.speed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Starter;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.topology.HomeworkTopology;

/** What a test pays for what it does not share with others: a cluster of its own, or databases of its own. */
final class IsolationPart {

    private static final int TESTS = 20;

    private final BenchSettings bench;
    private final Kinds kinds;
    private final Results results;

    IsolationPart(BenchSettings bench, Kinds kinds, Results results) {
        this.bench = bench;
        this.kinds = kinds;
        this.results = results;
    }

    void measure() throws ReflectiveOperationException {
        Optional<Method> freshDatabases = Stream.of(Starter.class.getMethods())
                .filter(method -> method.getName().equals("freshDatabases"))
                .findFirst();
        if (freshDatabases.isEmpty()) {
            results.note("There are no fresh databases on shared servers in this version: not measured.");
        }
        for (var kind : kinds.had().entrySet()) {
            ObjectNode figures = results.object("isolation").withObjectProperty(kind.getKey());
            List<Double> own = new ArrayList<>();
            for (int i = 0; i <= bench.streak(); i++) {
                long begun = System.nanoTime();
                starter(kind.getValue()).start().close();
                own.add(since(begun));
            }
            put(figures, "ownClusterMillis", own.subList(1, own.size()));
            if (freshDatabases.isPresent()) {
                fresh(figures, starter(kind.getValue()), freshDatabases.get());
            }
            results.progress("isolation, " + kind.getKey() + ": " + figures);
        }
    }

    private static Starter starter(ServerSettings settings) {
        return MiniCluster.of(HomeworkTopology.create()).name("bench").settings(settings);
    }

    /** From when a test asks for its databases to when they are set up, and from its end to when they are gone. */
    private static void fresh(ObjectNode figures, Starter starter, Method freshDatabases)
            throws ReflectiveOperationException {
        long begun = System.nanoTime();
        List<Double> all = new ArrayList<>();
        List<Double> starts = new ArrayList<>();
        try (AutoCloseable shared = (AutoCloseable) freshDatabases.invoke(starter)) {
            Method next = shared.getClass().getMethod("next", String.class);
            Results.put(figures, "sharedOnceMillis", since(begun));
            for (int i = 0; i <= TESTS; i++) {
                long test = System.nanoTime();
                try (MiniCluster cluster = ((Starter) next.invoke(shared, "bench-" + i)).start()) {
                    starts.add(since(test));
                }
                all.add(since(test));
            }
        } catch (InvocationTargetException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the shared servers could not be closed", e);
        }
        put(figures, "freshDatabasesMillis", all.subList(1, all.size()));
        put(figures, "freshDatabasesStartMillis", starts.subList(1, starts.size()));
    }

    private static void put(ObjectNode figures, String name, List<Double> values) {
        Results.put(figures, name, Figures.median(values));
        Results.put(figures, name.replace("Millis", "P90Millis"), Figures.quantile(values, 0.9));
    }

    private static double since(long begun) {
        return (System.nanoTime() - begun) / 1e6;
    }
}
