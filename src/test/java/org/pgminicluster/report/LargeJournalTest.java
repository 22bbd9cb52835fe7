package org.pgminicluster.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedWriter;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;

/**
 * 100,000 entries within 5 s and 512 MiB: measured in a JVM of its own that has no more. What counts is the time
 * that a processor works for it: the clock says more of what else the machine does. On a busy machine that takes longer,
 * too, by half and more; what is not linear takes much longer than twice as long.
 */
class LargeJournalTest {

    private static final int ENTRIES = 100_000;

    /** Draws one report in both forms. */
    static final class Draw {
        private Draw() {}

        public static void main(String[] args) throws IOException {
            Report report = Report.of(Path.of(args[0]));
            report.writeHtml(Path.of(args[1]));
            report.writeMarkdown(Path.of(args[2]));
            long cpu = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
            Files.writeString(Path.of(args[3]), Long.toString(cpu / 1_000_000));
        }
    }

    @Test
    void a_long_run_is_drawn_soon_and_in_little_room(@TempDir Path directory) throws Exception {
        Path journal = directory.resolve("journal.jsonl");
        write(journal);
        Path html = directory.resolve("report.html");
        Path log = directory.resolve("log");

        Path cpu = directory.resolve("cpu");
        Process drawing = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Draw.class.getName(),
                        journal.toString(),
                        html.toString(),
                        directory.resolve("report.md").toString(),
                        cpu.toString())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        boolean ended = drawing.waitFor(120, TimeUnit.SECONDS);
        drawing.destroyForcibly();

        assertThat(ended).as("it ends").isTrue();
        assertThat(drawing.exitValue()).as(Files.readString(log)).isZero();
        assertThat(Long.parseLong(Files.readString(cpu))).as("ms of CPU").isLessThan(10_000);
        assertThat(Files.readString(html))
                .contains(" are shown.", "entries are left out here.")
                .hasSizeLessThan(3_000_000);
    }

    private static void write(Path journal) throws IOException {
        Rows rows = new Rows(List.of("id", "name"), List.of(Row.of(1, "one"), Row.of(2, "two"), Row.of(3, "three")));
        List<Entry> story = Story.whole();
        try (BufferedWriter out = Files.newBufferedWriter(journal)) {
            out.write(Story.json(Story.HEAD));
            out.newLine();
            for (int i = 0; i < ENTRIES; i++) {
                Entry entry = i < story.size() ? story.get(i) : new Entry(i + 1L, 2000 + i, node(i), event(i, rows));
                out.write(Story.json(entry));
                out.newLine();
            }
        }
    }

    private static String node(int i) {
        return i % 20 == 3 ? "vm2" : "vm1";
    }

    private static Event event(int i, Rows rows) {
        String lsn = "0/" + Integer.toHexString(0x2000000 + i / 20 * 64).toUpperCase(Locale.ROOT);
        return switch (i % 20) {
            case 0 -> new Event.Step("Step " + i, "Because.");
            case 1 -> new Event.Sql("rep", "INSERT INTO test VALUES (" + i + ", 'x')", new Event.Done(1), 1);
            case 2 -> new Trace.Commit(lsn, "INSERT", List.of("test"));
            case 3 -> new Trace.Arrival("vm1", lsn, "vm1", false);
            case 4, 5, 6 ->
                new Trace.Probe(
                        "running",
                        lsn,
                        List.of(new Trace.Slot("vm2_sub", false, true, lsn, (long) i, 4096L, "reserved")),
                        List.of());
            case 7, 8, 9 -> new Trace.LogLine("2026-01-02 03:04:05.678 UTC [4242] walsender LOG:  line " + i);
            case 10 ->
                new Event.Wait(
                        WaitFor.applied(Words.subscription("vm2_sub", "vm2"), "vm1", lsn),
                        Event.Wait.Outcome.MET,
                        Words.of("seen.flushed", lsn, lsn),
                        3);
            case 11 -> new Event.Check("it holds " + i, "1", "1", true);
            case 12 ->
                new Event.Fault(
                        FaultFacts.of(FaultKind.KILL, "vm1"), Event.Fault.Phase.DONE, Words.of("proof.no-process"));
            default -> new Event.Sql("rep", "SELECT * FROM test WHERE id > " + i, new Event.Selected(rows), 0.5);
        };
    }
}
