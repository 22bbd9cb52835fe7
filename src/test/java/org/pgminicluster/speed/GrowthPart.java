package org.pgminicluster.speed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** How what takes time and memory grows with nodes, clusters, tables and rows. */
final class GrowthPart {

    private static final List<Integer> NODES = List.of(3, 6, 12, 24);
    private static final List<Integer> CLUSTERS = List.of(1, 2, 4);
    private static final List<Integer> TABLES = List.of(1, 10, 100, 1_000);
    private static final List<Integer> ROWS = List.of(1_000, 10_000, 100_000, 1_000_000);

    /** MiB. */
    static final double MOST_OF_A_NODE = 100;

    /** MiB. */
    static final double MOST_OF_THE_JVM = 20;

    private final BenchSettings bench;
    private final Kinds kinds;
    private final Results results;

    GrowthPart(BenchSettings bench, Kinds kinds, Results results) {
        this.bench = bench;
        this.kinds = kinds;
        this.results = results;
    }

    void measure() throws Exception {
        List<Double> ofNodes = new ArrayList<>();
        for (Map.Entry<String, ServerSettings> kind : kinds.had().entrySet()) {
            for (Shape shape : List.of(new Shape("star", Shapes::star), new Shape("chain", Shapes::chain))) {
                Series series = measured(
                        shape.name() + ", " + kind.getKey(),
                        "nodes",
                        NODES,
                        size -> run(shape.of().apply(size), patient(kind), ofNodes));
                series.writeTo(results);
            }
            homework(kind, ofNodes);
        }
        Results.put(results.object("limits"), "greatestNodeMiB", Collections.max(ofNodes));
        limit("the greatest node", Collections.max(ofNodes), MOST_OF_A_NODE);

        Map.Entry<String, ServerSettings> kind = kinds.cheapest();
        measured("clusters at once, " + kind.getKey(), "clusters", CLUSTERS, count -> atOnce(count, patient(kind)))
                .writeTo(results);
        measured("tables copied, " + kind.getKey(), "tables", TABLES, count -> tables(count, patient(kind)))
                .writeTo(results);
        measured("rows copied, " + kind.getKey(), "rows", ROWS, count -> rows(count, patient(kind)))
                .writeTo(results);
        new OfflineGrowth(bench, results).measure();
        long worse = results.array("growth")
                .valueStream()
                .filter(series -> series.path("verdict").asText().startsWith("worse"))
                .count();
        results.object("limits").put("worseThanLinear", worse);
    }

    private interface Of {
        Topology apply(int size);
    }

    private record Shape(String name, Of of) {}

    private Series measured(String name, String by, List<Integer> sizes, Series.Measurement measurement)
            throws Exception {
        return Series.measure(name, by, bench.of(sizes), measurement, results);
    }

    /** What is measured here is how long it takes, not whether 30 s are enough for it. */
    private static ServerSettings patient(Map.Entry<String, ServerSettings> kind) {
        return Kinds.settings(Map.of("minicluster.servers", kind.getKey(), "minicluster.timeout.scale", "10"));
    }

    private static MiniCluster start(Topology topology, String name, ServerSettings settings) {
        return MiniCluster.of(topology).name(name).settings(settings).start();
    }

    private Map<String, Double> run(Topology topology, ServerSettings settings, List<Double> ofNodes) {
        Footprint before = Footprint.now();
        long begun = System.nanoTime();
        MiniCluster cluster = start(topology, "bench", settings);
        long started = System.nanoTime();
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("start ms", (started - begun) / 1e6);
        long looked;
        try (cluster) {
            cluster.node("n1").execute("INSERT INTO item VALUES (1, 'one')");
            cluster.awaitReplicated();
            cluster.awaitConverged("item", names(cluster));
            figures.put("converge ms", (System.nanoTime() - started) / 1e6);
            double ofNode = greatest(cluster);
            ofNodes.add(ofNode);
            Footprint used = Footprint.now().minus(before);
            figures.put("greatest node MiB", ofNode);
            figures.put("JVM heap MiB", used.heapMiB());
            figures.put("JVM threads", (double) used.threads());
            looked = System.nanoTime();
        }
        figures.put("close ms", (System.nanoTime() - looked) / 1e6);
        return figures;
    }

    private static String[] names(MiniCluster cluster) {
        return cluster.nodes().stream().map(Node::name).toArray(String[]::new);
    }

    private static double greatest(MiniCluster cluster) {
        return NodeMemory.of(cluster).values().stream()
                .mapToDouble(Long::doubleValue)
                .max()
                .orElse(0);
    }

    /** What the homework's cluster takes of this JVM. */
    private void homework(Map.Entry<String, ServerSettings> kind, List<Double> ofNodes) {
        Footprint before = Footprint.now();
        try (MiniCluster cluster = start(HomeworkTopology.create(), "bench", kind.getValue())) {
            cluster.node("vm1").execute("INSERT INTO test VALUES (1, 'one')");
            cluster.awaitConverged("test", names(cluster));
            Footprint used = Footprint.now().minus(before);
            double ofNode = greatest(cluster);
            ofNodes.add(ofNode);
            Results.put(results.object(kind.getKey()), "nodeMiB", ofNode);
            Results.put(results.object(kind.getKey()), "jvmHeapMiB", used.heapMiB());
            results.object(kind.getKey()).put("jvmThreads", used.threads());
            Results.put(results.object(kind.getKey()), "jvmMiB", used.atMostMiB());
            limit("the JVM's part of a cluster, " + kind.getKey(), used.atMostMiB(), MOST_OF_THE_JVM);
        }
    }

    private void limit(String what, double mib, double most) {
        results.progress("limit: " + what + " takes " + Figures.shown(mib) + " MiB of at most " + Figures.shown(most)
                + (mib > most ? ": TOO MUCH" : ": kept"));
    }

    private static Map<String, Double> atOnce(int count, ServerSettings settings) {
        long begun = System.nanoTime();
        List<CompletableFuture<MiniCluster>> starting = IntStream.rangeClosed(1, count)
                .mapToObj(i -> InThread.supply(() -> start(HomeworkTopology.create(), "bench-" + i, settings)))
                .toList();
        CompletableFuture.allOf(starting.toArray(CompletableFuture[]::new)).join();
        long started = System.nanoTime();
        all(starting, cluster -> {
            cluster.node("vm1").execute("INSERT INTO test VALUES (1, 'one')");
            cluster.awaitConverged("test", names(cluster));
        });
        long converged = System.nanoTime();
        all(starting, MiniCluster::close);
        return figures(begun, started, converged, System.nanoTime());
    }

    private static void all(List<CompletableFuture<MiniCluster>> clusters, Consumer<MiniCluster> what) {
        List<CompletableFuture<MiniCluster>> going = clusters.stream()
                .map(cluster -> InThread.supply(() -> {
                    what.accept(cluster.join());
                    return cluster.join();
                }))
                .toList();
        CompletableFuture.allOf(going.toArray(CompletableFuture[]::new)).join();
    }

    private static Map<String, Double> tables(int count, ServerSettings settings) {
        long begun = System.nanoTime();
        long started;
        long converged;
        try (MiniCluster cluster = start(Shapes.tables(count), "bench", settings)) {
            started = System.nanoTime();
            cluster.node("n1").execute("INSERT INTO item_1 VALUES (2, 'two')");
            cluster.awaitReplicated();
            for (int i = 1; i <= count; i++) {
                cluster.awaitConverged("item_" + i, "n1", "n2");
            }
            converged = System.nanoTime();
        }
        return figures(begun, started, converged, System.nanoTime());
    }

    private static Map<String, Double> rows(int count, ServerSettings settings) {
        long begun = System.nanoTime();
        long started;
        long converged;
        try (MiniCluster cluster = start(Shapes.rows(count), "bench", settings)) {
            started = System.nanoTime();
            cluster.awaitReplicated();
            cluster.awaitConverged("item", "n1", "n2");
            converged = System.nanoTime();
        }
        return figures(begun, started, converged, System.nanoTime());
    }

    private static Map<String, Double> figures(long begun, long started, long converged, long closed) {
        Phases phases = Phases.between(begun, started, converged, closed);
        Map<String, Double> figures = new LinkedHashMap<>();
        figures.put("start ms", phases.start());
        figures.put("converge ms", phases.converge());
        figures.put("close ms", phases.close());
        return figures;
    }
}
