package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Event.Note.Part;
import org.pgminicluster.report.Block.Cell;
import org.pgminicluster.report.Block.Fact;
import org.pgminicluster.report.Block.Text;
import org.pgminicluster.report.Block.Tone;
import org.pgminicluster.report.Document.Section;
import org.pgminicluster.report.Run.At;

/** The problems that this run has told, and all that the servers refused. */
final class ProblemsSection {

    private static final int MOST = 40;

    private record Refusal(String node, String message) {}

    private final Run run;
    private final Labels labels;

    ProblemsSection(Run run, Labels labels) {
        this.run = run;
        this.labels = labels;
    }

    Section section() {
        List<Block> blocks = new ArrayList<>();
        told(blocks);
        refused(blocks);
        return new Section("problems", labels.get("problems.title"), labels.get("problems.lead"), blocks);
    }

    private void told(List<Block> blocks) {
        List<Fact> facts = new ArrayList<>();
        int problems = 0;
        Part before = Part.PROOF;
        for (At<Event.Note> at : run.of(Event.Note.class).limit(10L * MOST).toList()) {
            Event.Note note = at.event();
            if (note.part() == Part.QUESTION) {
                continue;
            }
            // One that goes back to an earlier part begins another problem.
            if (note.part() == Part.PROBLEM || note.part().compareTo(before) < 0) {
                finish(facts, blocks);
                problems++;
                blocks.add(new Block.Heading("problem-" + problems, title(at)));
            }
            before = note.part();
            if (note.part() == Part.PROBLEM) {
                continue;
            }
            String label = label(at.entry().node(), note);
            if (isOfAServer(note.part()) && note.text().strip().contains("\n")) {
                finish(facts, blocks);
                blocks.addAll(PsqlResult.below(label, note.text()));
            } else {
                facts.add(new Fact(label, note.text(), note.part() == Part.SYMPTOM));
            }
        }
        finish(facts, blocks);
    }

    private static boolean isOfAServer(Part part) {
        return part == Part.SYMPTOM || part == Part.PROOF;
    }

    private static void finish(List<Fact> facts, List<Block> blocks) {
        if (!facts.isEmpty()) {
            blocks.add(new Block.Facts(List.copyOf(facts)));
            facts.clear();
        }
    }

    private String title(At<Event.Note> at) {
        if (at.event().part() == Part.PROBLEM) {
            return at.event().text();
        }
        String chapter = run.chapterOf(at.entry()).title();
        return chapter.isEmpty() ? labels.get("note.problem") : chapter;
    }

    private String label(@Nullable String node, Event.Note note) {
        String part = labels.get("note." + note.part().name().toLowerCase(Locale.ROOT));
        String place = Stream.of(node, note.where())
                .filter(it -> it != null && !it.isBlank())
                .collect(Collectors.joining(", "));
        return place.isEmpty() ? part : part + " (" + place + ")";
    }

    private void refused(List<Block> blocks) {
        Map<Refusal, List<Entry>> refusals = new LinkedHashMap<>();
        run.of(Event.Sql.class).forEach(sql -> {
            if (sql.event().result() instanceof Event.Failed failed) {
                refusals.computeIfAbsent(new Refusal(sql.node(), failed.message()), it -> new ArrayList<>())
                        .add(sql.entry());
            }
        });
        if (refusals.isEmpty()) {
            return;
        }
        List<List<Cell>> rows = new ArrayList<>();
        refusals.entrySet().stream().limit(MOST).forEach(refusal -> {
            Entry first = refusal.getValue().get(0);
            Run.Chapter chapter = run.chapterOf(first);
            Event.Sql sql = (Event.Sql) first.event();
            String step =
                    chapter.number() == 0 ? labels.get("steps.untitled") : chapter.number() + ". " + chapter.title();
            rows.add(List.of(
                    Cell.code(TopologyPicture.shorten(refusal.getKey().message().replace('\n', ' '), 300)),
                    Cell.of(refusal.getKey().node()),
                    Cell.code(TopologyPicture.shorten(sql.sql().replaceAll("\\s+", " "), 80)),
                    Cell.of(Integer.toString(refusal.getValue().size())),
                    Cell.of(step).linked("#" + chapter.anchor())));
        });
        blocks.add(new Block.Table(
                labels.get("problems.refused"),
                List.of(
                        labels.get("problems.message"),
                        labels.get("problems.node"),
                        labels.get("problems.statement"),
                        labels.get("problems.times"),
                        labels.get("problems.step")),
                rows));
        if (refusals.size() > MOST) {
            blocks.add(new Text(Tone.SMALL, labels.get("capped", MOST, refusals.size())));
        }
    }
}
