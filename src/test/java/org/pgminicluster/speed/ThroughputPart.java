package org.pgminicluster.speed;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Topology;

/**
 * How much is committed while it is replicated, and how far behind the copies are. vm3 has a column more than the tables
 * that it copies, which replication fills by its default, {@code clock_timestamp()}; the time of the origin's commit it
 * tracks. Both are of one machine's clock.
 */
final class ThroughputPart {

    private static final int SECONDS = 6;
    private static final int TIMES = 2;
    private static final String ROLE = "bench";
    private static final String PASSWORD = "bench";
    private static final Duration CATCHING_UP = Duration.ofMinutes(3);

    private final Kinds kinds;
    private final Results results;
    private final Optional<Pgbench> pgbench = Pgbench.find();

    ThroughputPart(Kinds kinds, Results results) {
        this.kinds = kinds;
        this.results = results;
    }

    /** How the rows came to vm3, in ms after they were committed. */
    private record Lag(double p50, double p99) {}

    void measure() {
        if (pgbench.isEmpty()) {
            results.note("pgbench is not installed (Debian's package postgresql-15 has it): throughput was measured by"
                    + " JDBC writers in its place, two for each node, without the run at half the rate.");
        }
        results.object("throughput").put("writer", pgbench.isPresent() ? "pgbench" : "JDBC");
        kinds.had().forEach(this::measure);
    }

    private void measure(String kind, ServerSettings settings) {
        List<Double> alone = new ArrayList<>();
        List<Double> committed = new ArrayList<>();
        List<Double> applied = new ArrayList<>();
        List<Lag> lags = new ArrayList<>();
        ObjectNode figures = results.object("throughput").withObjectProperty(kind);
        for (int i = 0; i < TIMES; i++) {
            try (MiniCluster cluster = start(settings, false)) {
                alone.add(write(cluster, 0));
            }
            try (MiniCluster cluster = start(settings, true)) {
                prepare(cluster);
                committed.add(write(cluster, 0));
                cluster.awaitReplicated(CATCHING_UP);
                applied.add(appliedPerSecond(cluster));
                lags.add(lag(cluster));
            }
        }
        Results.put(figures, "aloneRowsPerSecond", Figures.median(alone));
        Results.put(figures, "committedRowsPerSecond", Figures.median(committed));
        Results.put(figures, "appliedRowsPerSecond", Figures.median(applied));
        put(figures, "atFullRate", lags);
        if (pgbench.isPresent()) {
            int rate = (int) Math.round(Figures.median(applied) / 2);
            try (MiniCluster cluster = start(settings, true)) {
                prepare(cluster);
                Results.put(figures, "halfRateRowsPerSecond", write(cluster, Math.max(1, rate / 2)));
                cluster.awaitReplicated(CATCHING_UP);
                put(figures, "atHalfRate", List.of(lag(cluster)));
            }
        }
        results.progress("throughput, " + kind + ": " + figures);
    }

    private static void put(ObjectNode figures, String name, List<Lag> lags) {
        ObjectNode lag = figures.withObjectProperty(name);
        Results.put(
                lag, "lagP50Millis", Figures.median(lags.stream().map(Lag::p50).toList()));
        Results.put(
                lag, "lagP99Millis", Figures.median(lags.stream().map(Lag::p99).toList()));
    }

    /** The homework with keys that nobody has to think of, and without the guards' subscriptions if it is to be alone. */
    private static MiniCluster start(ServerSettings settings, boolean replicated) {
        String table = "CREATE TABLE %s (id bigserial PRIMARY KEY, name text);";
        Topology topology = Topology.named("throughput")
                .schema(table.formatted("test") + table.formatted("test2"))
                .setting("track_commit_timestamp", "on")
                .node("vm1", vm1 -> copies(vm1.publishes("test_pub", "test"), replicated, "test2", "test2_sub", "vm2"))
                .node("vm2", vm2 -> copies(vm2.publishes("test2_pub", "test2"), replicated, "test", "test_sub", "vm1"))
                .node("vm3", vm3 -> {
                    copies(vm3, replicated, "test", "vm3_test_sub", "vm1");
                    copies(vm3, replicated, "test2", "vm3_test2_sub", "vm2");
                })
                .build();
        return MiniCluster.of(topology).name("bench").settings(settings).start();
    }

    private static void copies(
            NodeSpec.Builder node, boolean replicated, String table, String subscription, String publisher) {
        node.readOnly(table);
        if (replicated) {
            node.subscribes(subscription, publisher, table + "_pub");
        }
    }

    private static void prepare(MiniCluster cluster) {
        for (String table : List.of("test", "test2")) {
            cluster.node("vm3")
                    .execute("ALTER TABLE " + table + " ADD COLUMN seen timestamptz DEFAULT clock_timestamp()");
        }
    }

    /** Rows committed a second, on both nodes together; each transaction is a row. */
    private double write(MiniCluster cluster, int rateOfEach) {
        for (String node : List.of("vm1", "vm2")) {
            cluster.node(node).execute("CREATE ROLE " + ROLE + " LOGIN SUPERUSER PASSWORD '" + PASSWORD + "'");
        }
        long begun = System.nanoTime();
        CompletableFuture<Long> first = InThread.supply(() -> write(cluster.node("vm1"), "test", rateOfEach));
        CompletableFuture<Long> second = InThread.supply(() -> write(cluster.node("vm2"), "test2", rateOfEach));
        long rows = first.join() + second.join();
        return rows / ((System.nanoTime() - begun) / 1e9);
    }

    private long write(Node node, String table, int rate) {
        String sql = "INSERT INTO " + table + " (name) VALUES ('a row as long as the rows of tests are')";
        return pgbench.map(found -> found.run(node.address(), node.database(), ROLE, PASSWORD, sql, SECONDS, rate))
                .orElseGet(() -> writeByJdbc(node, sql));
    }

    private static long writeByJdbc(Node node, String sql) {
        long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
        List<CompletableFuture<Long>> writers = IntStream.range(0, 2)
                .mapToObj(i -> InThread.supply(() -> {
                    try (Session session = node.session()) {
                        return written(session.connection(), sql, end);
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        return writers.stream().mapToLong(CompletableFuture::join).sum();
    }

    private static long written(Connection connection, String sql, long end) throws SQLException {
        long rows = 0;
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            while (System.nanoTime() < end) {
                rows += insert.executeUpdate();
            }
        }
        return rows;
    }

    private static double appliedPerSecond(MiniCluster cluster) {
        return number(
                cluster.node("vm3")
                        .query("SELECT count(*) / extract(epoch FROM max(seen) - min(seen))"
                                + " FROM (SELECT seen FROM test UNION ALL SELECT seen FROM test2) AS rows")
                        .values()
                        .get(0),
                0);
    }

    private static Lag lag(MiniCluster cluster) {
        Row row = cluster.node("vm3").query("""
                        SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY lag), percentile_cont(0.99) WITHIN GROUP (ORDER BY lag)
                          FROM (SELECT extract(epoch FROM seen - pg_xact_commit_timestamp(xmin)) * 1000 AS lag FROM test
                                UNION ALL
                                SELECT extract(epoch FROM seen - pg_xact_commit_timestamp(xmin)) * 1000 FROM test2) AS rows""").values().get(0);
        return new Lag(number(row, 0), number(row, 1));
    }

    private static double number(Row row, int column) {
        return Double.parseDouble(row.text(column));
    }
}
