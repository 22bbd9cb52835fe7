package org.pgminicluster.speed;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.server.ServerSettings;

/**
 * The benchmark: {@code mvn -q verify -Pbench}. The properties are those of {@link BenchSettings} and {@code
 * minicluster.*}; what it finds is in {@code bench.json} and {@code bench.html} among the results, and with {@code
 * -Dbench.docs.write=true} in docs/performance.md.
 *
 * <p>For a look before and after a change, {@code mvn -q verify -Pbench -Dbench.parts=quick -Dbench.kinds=process}.
 */
public final class Bench {

    private static final Path DOCS = Path.of("docs", "performance.md");
    private static final double BUSY = 0.2;
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final BenchSettings bench;
    private final Path directory = ServerSettings.fromSystemProperties().directory();
    private final Results results = new Results();
    private final List<Exception> failed = new ArrayList<>();

    private Bench(BenchSettings bench) {
        this.bench = bench;
    }

    /** Measures what the system properties say. */
    public static void main(String[] args) throws Exception {
        Bench bench = new Bench(BenchSettings.from(System.getProperties()));
        if (bench.bench.has("page")) {
            bench.writePages(Results.read(bench.json()));
        } else {
            bench.measure();
        }
    }

    private Path json() {
        return directory.resolve("bench.json");
    }

    private void measure() throws Exception {
        results.progress("measures " + String.join(", ", bench.parts()) + "; all of it takes about 15 min on 2 cores");
        double busy = Machine.awaitQuiet(BUSY, PATIENCE);
        if (busy > BUSY) {
            results.note("The machine was busy before anything was measured, " + Math.round(100 * busy)
                    + " % of its processors: these figures are worth less.");
        }
        Kinds kinds = Kinds.find(bench);
        kinds.leftOut().forEach((kind, why) -> results.note("Servers as " + kind + " are left out: " + why));
        kinds.cheapest();
        if (bench.has("quick")) {
            quick(kinds);
            return;
        }
        describe(kinds);
        part("scenario", () -> new ScenarioPart(bench, kinds, results).measure());
        part("isolation", () -> new IsolationPart(bench, kinds, results).measure());
        part("detect", () -> new DetectPart(kinds, results).measure());
        part("growth", () -> new GrowthPart(bench, kinds, results).measure());
        part("throughput", () -> new ThroughputPart(kinds, results).measure());
        writePages(results.root());
        if (!failed.isEmpty()) {
            throw failed.get(0);
        }
    }

    private interface Part {
        void measure() throws Exception;
    }

    /** What the other parts found is not lost when one fails. */
    private void part(String name, Part part) throws IOException {
        if (!bench.has(name)) {
            return;
        }
        try {
            part.measure();
        } catch (Exception e) {
            failed.add(e);
            results.note("The part " + name + " failed, and its figures are not complete: "
                    + String.valueOf(e).lines().findFirst().orElse(""));
        }
        results.writeTo(json());
    }

    /** Ours alone, in as many streaks as there are rounds, and what memory each node takes. */
    private void quick(Kinds kinds) {
        kinds.had().forEach((kind, settings) -> {
            OurScenario scenario = new OurScenario(settings);
            scenario.run();
            for (int round = 1; round <= bench.rounds(); round++) {
                OurScenario.Streak streak = scenario.streak(bench.streak());
                results.progress(kind + ": " + Phases.median(streak.others()) + ", first "
                        + Figures.shown(streak.first().total()) + " ms, "
                        + Figures.shown(streak.wholeCpuSeconds()) + " CPU-seconds");
            }
            results.progress(kind + ", MiB of each node: " + scenario.memory());
        });
    }

    private void describe(Kinds kinds) {
        results.root().put("measured", LocalDate.now(ZoneOffset.UTC).toString());
        results.root().put("rounds", bench.rounds());
        results.root().put("streak", bench.streak());
        Machine.description().forEach(results.object("machine")::put);
        kinds.versions().forEach((kind, version) -> results.object("machine").put("PostgreSQL, " + kind, version));
    }

    private void writePages(JsonNode figures) throws IOException {
        List<Block> blocks = PageText.of(figures);
        Path html = directory.resolve("bench.html");
        Files.writeString(html, HtmlPage.of(PageText.TITLE, blocks));
        results.progress("written: " + json() + ", " + html);
        if (bench.writeDocs()) {
            Files.writeString(DOCS, MarkdownPage.of(blocks));
            results.progress("written: " + DOCS);
        }
    }
}
