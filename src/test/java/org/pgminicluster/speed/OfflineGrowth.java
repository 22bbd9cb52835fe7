package org.pgminicluster.speed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgminicluster.history.History;
import org.pgminicluster.history.Oracle;
import org.pgminicluster.history.Verdict;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.JournalFile;
import org.pgminicluster.journal.JournalReader;
import org.pgminicluster.report.Report;

/** How what needs no server grows: judging a history, and writing, reading and drawing a journal. */
final class OfflineGrowth {

    private static final List<Integer> EVENTS = List.of(1_000, 10_000, 100_000);
    private static final List<Integer> ENTRIES = List.of(1_000, 10_000, 100_000, 1_000_000);
    private static final long ROOM = 3L << 30;

    private final BenchSettings bench;
    private final Results results;

    OfflineGrowth(BenchSettings bench, Results results) {
        this.bench = bench;
        this.results = results;
    }

    void measure() throws Exception {
        Series.measure("histories judged", "events", bench.of(EVENTS), OfflineGrowth::history, results)
                .writeTo(results);
        List<Integer> entries = bench.of(ENTRIES);
        if (Runtime.getRuntime().maxMemory() < ROOM && entries.size() == ENTRIES.size()) {
            results.note("A journal of 1 000 000 entries needs a heap of 3 GiB, and this JVM may have less: left out.");
            entries = entries.subList(0, ENTRIES.size() - 1);
        }
        Path directory = Files.createTempDirectory("bench");
        try {
            Series.measure("journals", "entries", entries, count -> journal(directory, count), results)
                    .writeTo(results);
        } finally {
            for (String file : List.of("journal.jsonl", "report.html", "report.md")) {
                Files.deleteIfExists(directory.resolve(file));
            }
            Files.delete(directory);
        }
    }

    private static Map<String, Double> history(int events) {
        Map<String, Double> figures = new LinkedHashMap<>();
        History history = LongHistory.of(events);
        List<String> lines = timed(figures, "write ms", history::lines);
        History again = timed(figures, "read ms", () -> History.parse(lines));
        Verdict verdict = timed(figures, "judge ms", () -> Oracle.judge(again));
        if (verdict.result() != Verdict.Result.PASSED) {
            throw new IllegalStateException("expected the history to pass, but did not: " + verdict);
        }
        return figures;
    }

    private static Map<String, Double> journal(Path directory, int entries) {
        Map<String, Double> figures = new LinkedHashMap<>();
        Path file = directory.resolve("journal.jsonl");
        timed(figures, "write ms", () -> {
            Journal journal = new Journal();
            try (JournalFile written = JournalFile.record(journal, file)) {
                LongJournal.write(journal, entries);
            }
            return file;
        });
        int read = timed(
                figures, "read ms", () -> JournalReader.read(file).entries().size());
        if (read < entries) {
            throw new IllegalStateException("expected " + entries + " entries to be read, but were " + read);
        }
        timed(figures, "draw ms", () -> {
            Report report = Report.of(file);
            report.writeHtml(directory.resolve("report.html"));
            report.writeMarkdown(directory.resolve("report.md"));
            return report;
        });
        return figures;
    }

    private interface Work<T> {
        T get() throws IOException;
    }

    private static <T> T timed(Map<String, Double> figures, String name, Work<T> work) {
        long begun = System.nanoTime();
        try {
            T done = work.get();
            figures.put(name, (System.nanoTime() - begun) / 1e6);
            return done;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
