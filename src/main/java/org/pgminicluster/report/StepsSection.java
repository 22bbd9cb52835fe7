package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.report.Block.Fold;
import org.pgminicluster.report.Block.Statement;
import org.pgminicluster.report.Block.Text;
import org.pgminicluster.report.Block.Tone;
import org.pgminicluster.report.Document.Section;
import org.pgminicluster.report.Run.Chapter;

/** Everything that was done, in order: reason first, then statements and what came of them, logs last and folded. */
final class StepsSection {

    /** A report is to be read: beyond these it says how much it leaves out. */
    private static final int MOST_CHAPTERS = 300;

    private static final int MOST_IN_ALL = 3000;
    private static final int MOST_IN_CHAPTER = 120;
    private static final int MOST_ROWS = 40;
    private static final int MOST_LETTERS = 6000;
    private static final int MOST_LOG_LINES = 80;
    private static final int LONG_OUTPUT = 30;

    private final Run run;
    private final Labels labels;
    private int shown;

    StepsSection(Run run, Labels labels) {
        this.run = run;
        this.labels = labels;
    }

    Section section() {
        List<Block> blocks = new ArrayList<>();
        List<Chapter> chapters = run.chapters().stream()
                .filter(chapter ->
                        chapter.number() > 0 || chapter.entries().stream().anyMatch(StepsSection::isTold))
                .toList();
        chapters.stream().limit(MOST_CHAPTERS).forEach(chapter -> chapter(chapter, blocks));
        if (chapters.size() > MOST_CHAPTERS) {
            blocks.add(new Text(Tone.SMALL, labels.get("capped", MOST_CHAPTERS, chapters.size())));
        }
        return new Section("steps", labels.get("steps.title"), labels.get("steps.lead"), blocks);
    }

    private static boolean isTold(Entry entry) {
        return !(entry.event() instanceof Trace || entry.event() instanceof Event.Started);
    }

    private void chapter(Chapter chapter, List<Block> blocks) {
        boolean untitled = chapter.number() == 0;
        blocks.add(new Block.Heading(
                chapter.anchor(), untitled ? labels.get("steps.untitled") : chapter.number() + ". " + chapter.title()));
        if (!chapter.why().isEmpty()) {
            blocks.add(new Text(Tone.REASON, chapter.why()));
        }
        List<Entry> told = chapter.entries().stream()
                .filter(StepsSection::isTold)
                .filter(entry -> !(entry.event() instanceof Event.Step))
                .toList();
        int most = Math.min(MOST_IN_CHAPTER, Math.max(0, MOST_IN_ALL - shown));
        // The end of a story matters as much as its begin.
        int first = told.size() <= most ? told.size() : most / 2;
        int last = told.size() <= most ? 0 : most - first;
        told.subList(0, first).forEach(entry -> entry(entry, blocks));
        if (told.size() > most) {
            blocks.add(new Text(Tone.SMALL, labels.get("steps.left-out", told.size() - most)));
        }
        told.subList(told.size() - last, told.size()).forEach(entry -> entry(entry, blocks));
        shown += Math.min(most, told.size());
        log(chapter, blocks);
    }

    private void entry(Entry entry, List<Block> blocks) {
        Event event = entry.event();
        if (event instanceof Event.Sql sql) {
            statement(entry, sql, blocks);
        } else if (event instanceof Event.Wait wait) {
            String time = labels.millis(wait.millis());
            String what = labels.say(wait.what().words());
            blocks.add(
                    wait.met()
                            ? new Text(Tone.WAIT, labels.get("steps.waited", time, what))
                            : new Text(Tone.BAD, labels.get("steps.vain", time, what, cut(labels.say(wait.last())))));
        } else if (event instanceof Event.Fault fault) {
            String phase = labels.get("fault." + fault.phase().name().toLowerCase(Locale.ROOT));
            String what =
                    phase + (entry.node() == null ? "" : " (" + entry.node() + ")") + ": " + labels.say(fault.what());
            String proof = labels.say(fault.proof());
            blocks.add(new Text(Tone.FAULT, proof.isBlank() ? what : what + "; " + cut(proof)));
        } else if (event instanceof Event.TakenOver takenOver) {
            String how = takenOver.guarded() ? "steps.taken-over.guarded" : "steps.taken-over.plain";
            blocks.add(new Text(
                    Tone.FAULT,
                    entry.node() + " " + labels.get(how, takenOver.from(), labels.millis(takenOver.millis()))));
            takenOver
                    .remarks()
                    .forEach(remark -> blocks.add(new Text(Tone.FAULT, entry.node() + ": " + labels.say(remark))));
        } else if (event instanceof Event.Observation observation) {
            blocks.add(new Text(Tone.PLAIN, observation.what()));
            blocks.add(PsqlResult.block(cut(observation.text())));
        } else if (event instanceof Event.Check check) {
            blocks.add(new Text(check.held() ? Tone.GOOD : Tone.BAD, check.claim()));
            if (!check.held()) {
                blocks.add(new Block.Code(
                        "text",
                        labels.get("steps.expected") + ": " + cut(check.expected()) + "\n" + labels.get("steps.actual")
                                + ": " + cut(check.actual())));
            }
        } else if (event instanceof Event.Note note) {
            note(entry, note, blocks);
        }
    }

    private void note(Entry entry, Event.Note note, List<Block> blocks) {
        if (note.part() == Event.Note.Part.QUESTION) {
            blocks.add(new Text(Tone.QUESTION, note.text()));
        } else {
            String part = labels.get("note." + note.part().name().toLowerCase(Locale.ROOT));
            String text = cut(note.text()).strip();
            if (text.contains("\n")) {
                blocks.addAll(PsqlResult.below(entry.node() == null ? part : part + " (" + entry.node() + ")", text));
            } else {
                blocks.add(new Text(Tone.PLAIN, part + ": " + text));
            }
        }
    }

    private void statement(Entry entry, Event.Sql sql, List<Block> blocks) {
        String prompt = "/* " + (entry.node() == null ? "?" : entry.node()) + " # */";
        String text = cut(sql.sql().strip());
        String typed = text.startsWith("\\") || text.endsWith(";") ? text : text + ";";
        String output = output(sql);
        boolean refused = sql.result() instanceof Event.Failed;
        String time = labels.millis(sql.millis());
        if (output.lines().count() > LONG_OUTPUT) {
            blocks.add(new Statement(prompt, typed, "", refused, time));
            blocks.add(new Fold(
                    labels.get("steps.output", output.lines().count()),
                    false,
                    List.of(new Block.Code("text", output))));
        } else {
            blocks.add(new Statement(prompt, typed, output, refused, time));
        }
    }

    private String output(Event.Sql sql) {
        if (sql.result() instanceof Event.Selected selected) {
            Rows rows = selected.rows();
            if (rows.size() <= MOST_ROWS) {
                return cut(rows.toString());
            }
            List<Row> some = rows.values().subList(0, MOST_ROWS);
            return cut(new Rows(rows.columns(), some) + "\n" + labels.get("capped", MOST_ROWS, rows.size()));
        }
        return sql.result() instanceof Event.Done ? sql.shown() : cut(sql.shown());
    }

    private String cut(String text) {
        return text.length() <= MOST_LETTERS
                ? text
                : text.substring(0, MOST_LETTERS) + "\n" + labels.get("cut", text.length() - MOST_LETTERS);
    }

    private void log(Chapter chapter, List<Block> blocks) {
        List<Entry> lines = chapter.entries().stream()
                .filter(entry -> entry.event() instanceof Trace.LogLine)
                .toList();
        if (lines.isEmpty()) {
            return;
        }
        int most = Math.min(MOST_LOG_LINES, Math.max(0, 2 * MOST_IN_ALL - shown));
        String text = lines.stream()
                .limit(most)
                .map(entry -> entry.node() + " | " + ((Trace.LogLine) entry.event()).text())
                .collect(Collectors.joining("\n"));
        List<Block> inside = new ArrayList<>(List.of(new Block.Code("text", cut(text))));
        if (lines.size() > most) {
            inside.add(new Text(Tone.SMALL, labels.get("capped", most, lines.size())));
        }
        shown += Math.min(most, lines.size());
        blocks.add(new Fold(labels.get("steps.log", lines.size()), false, inside));
    }
}
