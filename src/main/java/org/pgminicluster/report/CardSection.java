package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.JournalReader;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.report.Block.Fact;
import org.pgminicluster.report.Block.Text;
import org.pgminicluster.report.Block.Tone;
import org.pgminicluster.report.Document.Section;

/** The verdict, what it ran on, and how to do it again. */
final class CardSection {

    private static final int MOST_LINES = 8;

    private final Run run;
    private final Labels labels;
    private final CheckSection check;
    private final @Nullable TestOutcome verdict;

    CardSection(Run run, Labels labels, @Nullable TestOutcome verdict) {
        this.run = run;
        this.labels = labels;
        this.check = new CheckSection(run, labels);
        this.verdict = verdict;
    }

    String title() {
        return verdict != null
                ? verdict.title()
                : run.first(Trace.Run.class)
                        .map(Trace.Run::title)
                        .or(() -> run.first(Event.Started.class).map(Event.Started::topology))
                        .orElse(labels.get("card.untitled"));
    }

    Text banner() {
        Ending ending = new Ending(run, labels);
        if (verdict != null) {
            String said = labels.get("outcome." + verdict.outcome());
            boolean well = verdict.outcome().equals("passed");
            Optional<String> cutShort = ending.cutShort();
            if (well && cutShort.isPresent()) {
                return new Text(Tone.FAULT, said + ". " + cutShort.get());
            }
            return new Text(
                    well ? Tone.GOOD : verdict.outcome().equals("failed") ? Tone.BAD : Tone.FAULT,
                    verdict.reason() == null ? said : said + ": " + FailureText.sentence(verdict.reason()));
        }
        long checks = run.of(Event.Check.class).count();
        long failed = run.count(Event.Check.class, check -> !check.held());
        long vain = run.count(Event.Wait.class, wait -> !wait.met());
        if (failed > 0) {
            return new Text(Tone.BAD, labels.get("verdict.failed", failed, checks));
        }
        Optional<String> incomplete = ending.incomplete();
        if (incomplete.isPresent()) {
            return new Text(Tone.FAULT, incomplete.get());
        }
        Optional<Text> judged = check.banner();
        if (judged.isPresent()) {
            return judged.get();
        }
        if (checks == 0) {
            return new Text(Tone.FAULT, labels.get("verdict.unchecked"));
        }
        return new Text(
                vain > 0 ? Tone.FAULT : Tone.GOOD,
                labels.get(vain > 0 ? "verdict.vain" : "verdict.held", checks, vain));
    }

    List<Block> blocks() {
        List<Fact> facts = new ArrayList<>();
        add(facts, "card.place", verdict == null || verdict.place() == null ? "" : verdict.place(), true);
        Optional<Event.Started> started = run.first(Event.Started.class);
        String versions = run.layout().members().isEmpty()
                ? started.map(it -> it.version() + " (" + String.join(", ", it.nodes()) + ")")
                        .orElseGet(check::versions)
                : versions();
        add(facts, "card.topology", started.map(Event.Started::topology).orElse(""), false);
        add(facts, "card.postgres", versions, false);
        add(facts, "card.servers", started.map(Event.Started::servers).orElse(""), false);
        Optional<Trace.Run> told = run.first(Trace.Run.class);
        add(
                facts,
                "card.at",
                told.map(it -> it.at().replace("T", " ").replaceAll("(\\.\\d+)?Z$", " UTC"))
                        .orElse(""),
                false);
        if (run.first(Trace.Examined.class).isEmpty()) {
            addCounts(facts);
        }
        add(
                facts,
                "card.repeat",
                verdict != null ? verdict.repeat() : told.map(Trace.Run::repeat).orElse(""),
                true);
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Facts(facts));
        damage(run.reading(), labels).ifPresent(said -> blocks.add(new Text(Tone.FAULT, said)));
        return blocks;
    }

    private void addCounts(List<Fact> facts) {
        add(facts, "card.duration", labels.millis(run.end() - run.start()), false);
        add(
                facts,
                "card.counted",
                labels.get(
                        "card.counts",
                        run.of(Event.Sql.class).count(),
                        run.of(Event.Wait.class).count(),
                        run.of(Event.Fault.class)
                                .filter(it -> it.event().phase() != Event.Fault.Phase.HEALED)
                                .count(),
                        run.of(Event.Check.class).count()),
                false);
    }

    /** All that a failed test said, below its sentence in the banner. */
    Section evidence() {
        List<Block> all =
                verdict == null || verdict.reason() == null ? List.of() : FailureText.evidence(verdict.reason());
        return new Section("evidence", labels.get("evidence.title"), labels.get("evidence.lead"), all);
    }

    private String versions() {
        return run.layout().members().stream()
                .collect(Collectors.groupingBy(
                        Trace.Member::version,
                        java.util.LinkedHashMap::new,
                        Collectors.mapping(Trace.Member::node, Collectors.joining(", "))))
                .entrySet()
                .stream()
                .map(same -> same.getKey() + " (" + same.getValue() + ")")
                .collect(Collectors.joining("; "));
    }

    private void add(List<Fact> facts, String key, String value, boolean code) {
        if (!value.isBlank()) {
            facts.add(new Fact(labels.get(key), value, code));
        }
    }

    /** What the journal's file held that is not in this report. */
    static Optional<String> damage(JournalReader.Reading reading, Labels labels) {
        List<String> said = new ArrayList<>();
        if (reading.entries().isEmpty()) {
            said.add(labels.get("damage.empty"));
        }
        List<Long> lines = reading.unreadable();
        if (!lines.isEmpty()) {
            String numbers =
                    lines.stream().limit(MOST_LINES).map(String::valueOf).collect(Collectors.joining(", "));
            said.add(labels.get("damage.lines", lines.size(), numbers + (lines.size() > MOST_LINES ? ", …" : "")));
        }
        if (reading.unknown() > 0) {
            said.add(labels.get("damage.unknown", reading.unknown()));
        }
        return said.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", said));
    }
}
