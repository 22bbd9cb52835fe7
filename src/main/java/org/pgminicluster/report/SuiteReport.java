package org.pgminicluster.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.JournalReader;
import org.pgminicluster.report.Block.Cell;
import org.pgminicluster.report.Block.Mark;
import org.pgminicluster.report.Block.Text;
import org.pgminicluster.report.Block.Tone;
import org.pgminicluster.report.Document.Section;

/** The report of a whole suite: an index, failures first, and a page for each scenario. */
@API(status = API.Status.INTERNAL)
public final class SuiteReport {

    /** In this order. */
    private static final List<String> OUTCOMES = List.of("failed", "aborted", "skipped", "passed");

    /** How a scenario ended, as {@code scenarios.json} has it. */
    private record Result(
            String scenario,
            String name,
            String outcome,
            @Nullable String reason,
            @Nullable String place,
            String postgres,
            String servers,
            @Nullable String logs,
            long millis,
            List<String> behaviours) {

        String simpleClass() {
            String type = scenario.split("#")[0];
            return type.substring(type.lastIndexOf('.') + 1);
        }

        String repeat() {
            String[] parts = scenario.split("#");
            return "mvn verify -Dit.test=" + simpleClass() + (parts.length > 1 ? "#" + parts[1] : "")
                    + " -Dtest=NoSuchTest -Dsurefire.failIfNoSpecifiedTests=false";
        }

        /** Why it did not pass, and on which line. */
        String sentence() {
            return (reason == null ? "" : FailureText.sentence(reason))
                    + (place == null ? "" : place.replaceFirst(".*(\\([^()]*\\))$", " $1"));
        }

        int order() {
            int order = OUTCOMES.indexOf(outcome);
            return order < 0 ? 0 : order;
        }
    }

    private final Path directory;
    private final Path target;
    private final Labels labels;
    private final Set<String> names = new HashSet<>();
    private final Map<Path, JournalReader.Reading> shared = new HashMap<>();

    private SuiteReport(Path directory, Locale language) {
        this.directory = directory;
        this.target = directory.resolve("report");
        this.labels = Labels.of(language);
    }

    /**
     * Writes the report of the run whose {@code scenarios.json} is in a directory to {@code report} in it. What an earlier
     * report left there is replaced.
     *
     * @return the index
     * @throws MiniClusterException if there is no {@code scenarios.json}, or the report cannot be written
     */
    public static Path write(Path directory, Locale language) {
        return new SuiteReport(directory, language).write();
    }

    /** Removes the index of an earlier report, which would tell nothing of what goes on. */
    public static void remove(Path directory) {
        SuiteReport report = new SuiteReport(directory, Locale.ENGLISH);
        try {
            Files.deleteIfExists(report.index());
        } catch (IOException e) {
            throw report.notEmptied(e);
        }
    }

    private Path index() {
        return target.resolve("index.html");
    }

    private Path write() {
        JsonNode all = all();
        List<Result> results = new ArrayList<>();
        all.path("scenarios").forEach(node -> results.add(result(node)));
        results.sort(Comparator.comparingInt(Result::order)
                .thenComparing(Result::scenario)
                .thenComparing(Result::name));
        empty();
        Map<Result, String> pages = new HashMap<>();
        results.forEach(result -> page(result).ifPresent(file -> pages.put(result, file)));
        Path index = index();
        List<SuiteHistory.Past> runs =
                results.isEmpty() ? List.of() : history(all.path("run").asText(), results);
        Report.write(index, HtmlWriter.write(index(results, all.path("open").size(), pages, runs), labels));
        return index;
    }

    private List<SuiteHistory.Past> history(String run, List<Result> results) {
        return new SuiteHistory(directory)
                .with(new SuiteHistory.Past(
                        run,
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString(),
                        joined(results.stream().map(Result::postgres)),
                        joined(results.stream().map(Result::servers)),
                        results.size(),
                        results.stream()
                                .filter(it -> it.outcome().equals("passed"))
                                .count(),
                        results.stream()
                                .filter(it -> it.outcome().equals("failed"))
                                .map(Result::name)
                                .toList(),
                        results.stream().mapToLong(Result::millis).sum()));
    }

    private static String joined(Stream<String> values) {
        return String.join(", ", values.filter(it -> !it.isBlank()).distinct().toList());
    }

    private JsonNode all() {
        Path file = directory.resolve("scenarios.json");
        try {
            return new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new MiniClusterException(
                    "expected " + file + " to be the results of a run, but was not ("
                            + e.getClass().getSimpleName() + "); run the tests first",
                    e);
        }
    }

    private static Result result(JsonNode node) {
        List<String> behaviours = new ArrayList<>();
        node.path("behaviours").forEach(behaviour -> behaviours.add(behaviour.asText()));
        return new Result(
                node.path("scenario").asText(),
                Masks.mask("displayName", node.path("displayName").asText()),
                node.path("outcome").asText().toLowerCase(Locale.ROOT),
                node.hasNonNull("reason")
                        ? Masks.mask("reason", node.path("reason").asText())
                        : null,
                node.hasNonNull("place") ? node.path("place").asText() : null,
                node.path("postgres").asText(""),
                node.path("servers").asText(""),
                node.hasNonNull("logs") ? node.path("logs").asText() : null,
                node.path("milliseconds").asLong(),
                behaviours);
    }

    /** Pages of scenarios that are no more would look as if they were of this run. */
    private void empty() {
        if (!Files.isDirectory(target)) {
            return;
        }
        try (DirectoryStream<Path> pages = Files.newDirectoryStream(target, "*.html")) {
            for (Path page : pages) {
                Files.delete(page);
            }
        } catch (IOException e) {
            throw notEmptied(e);
        }
    }

    private MiniClusterException notEmptied(IOException e) {
        return new MiniClusterException(
                "expected " + target + " to be a directory that can be emptied, but was not ("
                        + e.getClass().getSimpleName() + "); remove it",
                e);
    }

    private Optional<String> page(Result result) {
        Path journal = result.logs() == null ? null : Path.of(result.logs()).resolve("journal.jsonl");
        if (journal == null || !Files.isReadable(journal)) {
            return Optional.empty();
        }
        String file = fileName(result);
        Report report = Report.of(reading(journal), labels)
                .with(new TestOutcome(
                        result.name(), result.outcome(), result.reason(), result.place(), result.repeat()));
        report.writeHtml(target.resolve(file));
        return Optional.of(file);
    }

    /** Scenarios may share a cluster. */
    private JournalReader.Reading reading(Path journal) {
        if (shared.size() > 8) {
            shared.clear();
        }
        return shared.computeIfAbsent(journal, Report::read);
    }

    private String fileName(Result result) {
        String tame = (result.simpleClass() + "." + result.name()).replaceAll("[^A-Za-z0-9._-]+", "-");
        String base = tame.length() <= 100 ? tame : tame.substring(0, 90) + String.format("-%08x", tame.hashCode());
        String name = base;
        for (int i = 2; !names.add(name.toLowerCase(Locale.ROOT)); i++) {
            name = base + "-" + i;
        }
        return name + ".html";
    }

    private Document index(List<Result> results, int open, Map<Result, String> pages, List<SuiteHistory.Past> runs) {
        long passed =
                results.stream().filter(it -> it.outcome().equals("passed")).count();
        long failed =
                results.stream().filter(it -> it.outcome().equals("failed")).count();
        String summary = results.isEmpty()
                ? labels.get("suite.none")
                : labels.get("suite.summary", results.size(), passed, failed, results.size() - passed - failed);
        Tone tone = failed > 0 ? Tone.BAD : passed > 0 && open == 0 ? Tone.GOOD : Tone.FAULT;
        List<Block.Fact> facts = new ArrayList<>();
        fact(facts, "suite.postgres", results.stream().map(Result::postgres));
        fact(facts, "suite.servers", results.stream().map(Result::servers));
        List<Section> sections = new ArrayList<>();
        for (String outcome : OUTCOMES) {
            List<Result> such = results.stream()
                    .filter(it -> OUTCOMES.get(it.order()).equals(outcome))
                    .toList();
            sections.add(new Section(
                    outcome,
                    labels.get("suite.heading." + outcome) + " (" + such.size() + ")",
                    "",
                    such.isEmpty() ? List.of() : List.of(table(outcome, such, pages))));
        }
        sections.add(SuiteHistory.section(runs, labels));
        return new Document(
                labels.language(),
                labels.get("suite.title"),
                new Text(tone, open == 0 ? summary : labels.get("suite.open", open) + " " + summary),
                List.of(new Block.Facts(facts), new Text(Tone.PLAIN, labels.get("suite.lead"))),
                sections,
                labels.get("page.footer"),
                null);
    }

    private void fact(List<Block.Fact> facts, String key, Stream<String> values) {
        String all = joined(values);
        if (!all.isEmpty()) {
            facts.add(new Block.Fact(labels.get(key), all, false));
        }
    }

    private Block.Table table(String outcome, List<Result> results, Map<Result, String> pages) {
        boolean passed = outcome.equals("passed");
        List<List<Cell>> rows = new ArrayList<>();
        for (Result result : results) {
            String page = pages.get(result);
            Mark mark = passed ? Mark.GOOD : outcome.equals("failed") ? Mark.BAD : Mark.NOTHING;
            List<Cell> row = new ArrayList<>();
            row.add(Cell.of(mark, result.name()).linked(page));
            row.add(Cell.of(result.simpleClass()));
            // The number and its unit stay together.
            row.add(Cell.of(labels.millis(result.millis()).replace(' ', '\u00A0')));
            row.add(passed ? Cell.of(String.join(", ", result.behaviours())) : Cell.of(result.sentence()));
            rows.add(row);
        }
        return new Block.Table(
                "",
                List.of(
                        labels.get("suite.scenario"),
                        labels.get("suite.class"),
                        labels.get("suite.time"),
                        labels.get(passed ? "suite.behaviours" : "suite.reason")),
                rows);
    }
}
