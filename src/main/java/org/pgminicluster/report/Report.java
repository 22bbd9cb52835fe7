package org.pgminicluster.report;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.JournalReader;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.report.Document.Section;

/**
 * What people read of a run: one HTML page, or Markdown that GitHub shows. It is drawn from the run's journal alone; no
 * server is asked. A journal that was cut short gives a report of what is in it, which says so.
 *
 * <pre>{@code
 * Report.of(Path.of("target/minicluster/demo/journal.jsonl")).writeHtml(Path.of("report.html"));
 * }</pre>
 *
 * <p>Passwords and the paths of this machine are not in it. Long runs are shortened, and it says where.
 */
@API(status = API.Status.INTERNAL)
public final class Report {

    private final JournalReader.Reading reading;
    private final Labels labels;
    private final @Nullable TestOutcome verdict;
    private @Nullable Document document;

    private Report(JournalReader.Reading reading, Labels labels, @Nullable TestOutcome verdict) {
        this.reading = reading;
        this.labels = labels;
        this.verdict = verdict;
    }

    /**
     * Reads a journal, {@code journal.jsonl} in a cluster's directory. The report is in the language of the run.
     *
     * @throws MiniClusterException if there is no such file, or it cannot be read at all
     */
    public static Report of(Path journal) {
        JournalReader.Reading reading = read(journal);
        return of(reading, Labels.of(languageOf(reading)));
    }

    /** That of the run, in English if it does not say. */
    private static Locale languageOf(JournalReader.Reading reading) {
        return reading.entries().stream()
                .map(Entry::event)
                .filter(Trace.Run.class::isInstance)
                .map(run -> ((Trace.Run) run).language())
                .filter(Objects::nonNull)
                .findFirst()
                .map(Locale::forLanguageTag)
                .orElse(Locale.ENGLISH);
    }

    static Report of(JournalReader.Reading reading, Labels labels) {
        return new Report(reading, labels, null);
    }

    static JournalReader.Reading read(Path journal) {
        try {
            return JournalReader.read(journal, Masks::mask);
        } catch (UncheckedIOException e) {
            throw new MiniClusterException(
                    "expected " + journal + " to be a journal that can be read, but was not (" + reason(e.getCause())
                            + "); name the journal.jsonl of a run",
                    e);
        }
    }

    /**
     * The same report in another language, Russian for {@code ru}, else English. What servers say stays as it is, and so
     * does what the run itself told.
     */
    public Report in(Locale language) {
        return new Report(reading, Labels.of(language), verdict);
    }

    /** What the journal's file held that is not in this report, in the report's language; empty if all is in it. */
    public Optional<String> damage() {
        return CardSection.damage(reading, labels);
    }

    /** Whether the journal held nothing that could be read. */
    public boolean isEmpty() {
        return reading.entries().isEmpty();
    }

    Report with(TestOutcome known) {
        return new Report(reading, labels, known);
    }

    /** The page: it needs no other file and no network, and is whole without its script. */
    public String html() {
        return HtmlWriter.write(document(), labels);
    }

    /** The same as Markdown, its pictures in Mermaid. */
    public String markdown() {
        return MarkdownWriter.write(document());
    }

    /**
     * Writes {@link #html()} to a file and makes the directories that it needs.
     *
     * @throws EnvironmentException if it cannot be written there
     */
    public void writeHtml(Path file) {
        write(file, html());
    }

    /**
     * Writes {@link #markdown()} to a file and makes the directories that it needs.
     *
     * @throws EnvironmentException if it cannot be written there
     */
    public void writeMarkdown(Path file) {
        write(file, markdown());
    }

    static void write(Path file, String text) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new EnvironmentException(
                    "expected " + file + " to be a file that can be written, but was not (" + reason(e)
                            + "); choose another path",
                    e);
        }
    }

    /** The class says what the message of an {@link IOException} leaves out: it often is but the path. */
    private static String reason(@Nullable Throwable e) {
        return e == null ? "no reason given" : e.getClass().getSimpleName() + ": " + e.getMessage();
    }

    private Document document() {
        Document known = document;
        if (known == null) {
            known = draw();
            document = known;
        }
        return known;
    }

    private Document draw() {
        Run run = new Run(reading);
        CardSection card = new CardSection(run, labels, verdict);
        Spacetime spacetime = new Spacetime(run, labels);
        PictureSections pictures = new PictureSections(run, spacetime, labels);
        CheckSection check = new CheckSection(run, labels);
        List<Section> sections = List.of(
                card.evidence(),
                check.points(),
                check.servers(),
                new TopologySection(run, spacetime, labels).section(),
                new MatrixSection(run, labels).section(),
                new StepsSection(run, labels).section(),
                pictures.spacetime(),
                pictures.lag(),
                new FailoverSection(run, labels).section(),
                new GuardSection(run, labels).section(),
                new ProblemsSection(run, labels).section(),
                new EqualitySection(run, labels).section(),
                new SetUpSection(run, labels).section(),
                GlossarySection.section(run, labels));
        return new Document(
                labels.language(),
                card.title(),
                card.banner(),
                card.blocks(),
                sections,
                labels.get("page.footer"),
                Stage.of(run, labels).orElse(null));
    }
}
