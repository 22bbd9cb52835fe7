package org.pgminicluster.speed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.HomeworkTopology;

/**
 * How long after the rows have converged on the servers a wait returns. The copies have a column more than the table that
 * they are copies of, which replication fills by its default, {@code clock_timestamp()}: so each row tells when it was
 * applied, by this machine's clock. That is a little before its commit, so what is measured is rather too much.
 */
final class DetectPart {

    static final int SAMPLES = 50;

    private static final int SHORTEST = 5;
    private static final int LONGEST = 200;
    /** Waits for more than the rows: until their copies are flushed, and each publisher has been told so. */
    private static final String CONFIRMED = "awaitReplicated";

    private static final List<String> COPIES = List.of("vm2", "vm3");

    private final Kinds kinds;
    private final Results results;
    /** The same delays in every run. */
    private final Random random = new Random(1);

    private int lastId;

    DetectPart(Kinds kinds, Results results) {
        this.kinds = kinds;
        this.results = results;
    }

    /** Makes a row come, at once or later, and waits for it. */
    private interface Sample {
        Future<?> write(MiniCluster cluster, int id) throws Exception;
    }

    private interface Wait {
        void await(MiniCluster cluster, int id);
    }

    void measure() throws Exception {
        double worst = 0;
        double worstConfirmed = 0;
        for (Map.Entry<String, ServerSettings> kind : kinds.had().entrySet()) {
            ObjectNode figures = results.object("detect").withObjectProperty(kind.getKey());
            double worstOfKind = 0;
            for (Map.Entry<String, List<Double>> measured :
                    measure(kind.getValue()).entrySet()) {
                double median = Figures.median(measured.getValue());
                double p90 = Figures.quantile(measured.getValue(), 0.9);
                ObjectNode figure = figures.withObjectProperty(measured.getKey());
                Results.put(figure, "median", median);
                Results.put(figure, "p90", p90);
                figure.put("samples", measured.getValue().size());
                if (measured.getKey().startsWith(CONFIRMED)) {
                    worstConfirmed = Math.max(worstConfirmed, median);
                } else {
                    worstOfKind = Math.max(worstOfKind, median);
                }
                results.progress("detect, " + kind.getKey() + ", " + measured.getKey() + ": median "
                        + Figures.shown(median) + " ms, p90 " + Figures.shown(p90) + " ms");
            }
            Results.put(results.object(kind.getKey()), "detectOverheadMillis", worstOfKind);
            worst = Math.max(worst, worstOfKind);
        }
        // The one that is worst of all: a user does not choose the wait by its speed.
        results.put("detectOverheadMillis", worst);
        results.put("confirmOverheadMillis", worstConfirmed);
    }

    private Map<String, List<Double>> measure(ServerSettings settings) throws Exception {
        Map<String, List<Double>> measured = new LinkedHashMap<>();
        ScheduledExecutorService later = Executors.newScheduledThreadPool(1);
        lastId = 0;
        try (MiniCluster cluster = MiniCluster.of(HomeworkTopology.create())
                .name("bench")
                .settings(settings)
                .start()) {
            for (String copy : COPIES) {
                cluster.node(copy).execute("ALTER TABLE test ADD COLUMN seen timestamptz DEFAULT clock_timestamp()");
            }
            Wait converged = (all, id) -> all.awaitConverged("test", "vm1", "vm2", "vm3");
            Wait replicated = (all, id) -> all.awaitReplicated();
            Wait value = (all, id) -> all.awaitValue(all.node("vm3"), "SELECT count(*) FROM test WHERE id = " + id, 1);
            Sample atOnce = DetectPart::committed;
            Sample held = (all, id) -> heldUp(all, id, later);
            Sample open = (all, id) -> open(all, id, later);
            samples(cluster, atOnce, converged, COPIES);
            measured.put("awaitConverged, just committed", samples(cluster, atOnce, converged, COPIES));
            measured.put("awaitConverged, arriving later", samples(cluster, held, converged, COPIES));
            measured.put(CONFIRMED + ", just committed", samples(cluster, atOnce, replicated, COPIES));
            measured.put(CONFIRMED + ", arriving later", samples(cluster, held, replicated, COPIES));
            measured.put("awaitValue, committed later", samples(cluster, open, value, List.of("vm3")));
        } finally {
            later.shutdownNow();
        }
        return measured;
    }

    private List<Double> samples(MiniCluster cluster, Sample sample, Wait wait, List<String> copies) throws Exception {
        List<Double> overheads = new ArrayList<>();
        for (int i = 0; i < SAMPLES; i++) {
            int id = ++lastId;
            Future<?> coming = sample.write(cluster, id);
            long called = micros();
            wait.await(cluster, id);
            long returned = micros();
            coming.get();
            // A wait that is called when all is there already can be blamed for its own time only.
            overheads.add((returned - Math.max(called, applied(cluster, id, copies))) / 1000.0);
        }
        return overheads;
    }

    private static Future<?> committed(MiniCluster cluster, int id) {
        cluster.node("vm1").execute("INSERT INTO test VALUES (?, 'at once')", id);
        return CompletableFuture.completedFuture(id);
    }

    /** It is committed, but a lock on vm3 keeps it from being applied there for a while; who reads is not kept. */
    private Future<?> heldUp(MiniCluster cluster, int id, ScheduledExecutorService later) {
        Session holder = begun(cluster.node("vm3"), "LOCK TABLE test IN SHARE ROW EXCLUSIVE MODE");
        cluster.node("vm1").execute("INSERT INTO test VALUES (?, 'held up')", id);
        return committedLater(holder, later);
    }

    /** Somebody writes it and commits only after a while. */
    private Future<?> open(MiniCluster cluster, int id, ScheduledExecutorService later) {
        return committedLater(begun(cluster.node("vm1"), "INSERT INTO test VALUES (" + id + ", 'later')"), later);
    }

    private static Session begun(Node node, String sql) {
        Session session = node.session();
        session.execute("BEGIN");
        session.execute(sql);
        return session;
    }

    private Future<?> committedLater(Session session, ScheduledExecutorService later) {
        return later.schedule(
                () -> {
                    session.execute("COMMIT");
                    session.close();
                },
                SHORTEST + random.nextInt(LONGEST - SHORTEST),
                TimeUnit.MILLISECONDS);
    }

    /** When the last of these copies had the row. */
    private static long applied(MiniCluster cluster, int id, List<String> copies) {
        return copies.stream()
                .mapToLong(copy -> seen(cluster.node(copy), id))
                .max()
                .orElseThrow();
    }

    private static long seen(Node copy, int id) {
        return Long.parseLong(String.valueOf(
                copy.query("SELECT (extract(epoch FROM seen) * 1000000)::bigint FROM test WHERE id = ?", id)
                        .value()));
    }

    private static long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
    }
}
