package org.pgminicluster.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.report.Block.Cell;
import org.pgminicluster.report.Block.Mark;
import org.pgminicluster.report.Document.Section;

/** What runs of a suite have come to, day by day: {@code runs.jsonl}, a line for each, which stays when results are replaced. */
final class SuiteHistory {

    private static final int MOST_KEPT = 500;
    private static final int MOST_SHOWN = 60;
    private static final int MOST_NAMES = 5;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /**
     * One run.
     *
     * @param run its id, which the parts of a run share
     * @param at when its results were last added to, in the form of ISO 8601
     * @param failed the names of the scenarios that did
     * @param millis of all scenarios together
     */
    record Past(
            String run,
            String at,
            String postgres,
            String servers,
            long all,
            long passed,
            List<String> failed,
            long millis) {
        Past {
            failed = failed == null ? List.of() : List.copyOf(failed);
        }
    }

    private final Path file;

    SuiteHistory(Path directory) {
        this.file = directory.resolve("runs.jsonl");
    }

    /** Adds a run, or puts it in the place of what was known of it; all that are known, the last one first. */
    List<Past> with(Past now) {
        List<Past> runs = new ArrayList<>(read());
        runs.removeIf(past -> past.run().equals(now.run()));
        runs.add(now);
        List<Past> kept = runs.subList(Math.max(0, runs.size() - MOST_KEPT), runs.size());
        write(kept);
        List<Past> last = new ArrayList<>(kept);
        Collections.reverse(last);
        return last;
    }

    /** A line that cannot be read is left out: it is no reason not to tell of the others. */
    private List<Past> read() {
        List<Past> runs = new ArrayList<>();
        try {
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                try {
                    runs.add(JSON.readValue(line, Past.class));
                } catch (JsonProcessingException e) {
                    continue;
                }
            }
        } catch (IOException e) {
            throw unusable(e);
        }
        return runs;
    }

    private void write(List<Past> runs) {
        List<String> lines = new ArrayList<>();
        try {
            for (Past run : runs) {
                lines.add(JSON.writeValueAsString(run));
            }
            Files.write(file, lines);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private MiniClusterException unusable(IOException e) {
        return new MiniClusterException(
                "expected " + file + " to be a file that can be read and written, but was not ("
                        + e.getClass().getSimpleName() + "); remove it",
                e);
    }

    /** A table of them; one alone is no history. */
    static Section section(List<Past> runs, Labels labels) {
        List<List<Cell>> rows =
                runs.stream().limit(MOST_SHOWN).map(run -> row(run, labels)).toList();
        List<Block> blocks = rows.size() < 2
                ? List.of()
                : List.of(new Block.Table(
                        "",
                        List.of(
                                labels.get("history.at"),
                                labels.get("history.passed"),
                                labels.get("history.failed"),
                                labels.get("suite.postgres"),
                                labels.get("suite.servers"),
                                labels.get("suite.time")),
                        rows));
        return new Section("runs", labels.get("history.title"), labels.get("history.lead"), blocks);
    }

    private static List<Cell> row(Past run, Labels labels) {
        boolean well = run.failed().isEmpty();
        String names = run.failed().stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        String more = run.failed().size() > MOST_NAMES
                ? " " + labels.get("history.more", run.failed().size() - MOST_NAMES)
                : "";
        return List.of(
                Cell.of(run.at().replace("T", " ").replaceAll("(\\.\\d+)?Z$", "")),
                Cell.of(well ? Mark.GOOD : Mark.BAD, labels.get("history.of", run.passed(), run.all())),
                Cell.of(names + more),
                Cell.of(run.postgres()),
                Cell.of(run.servers()),
                Cell.of(labels.millis(run.millis())));
    }
}
