package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.journal.Trace.Judged;
import org.pgminicluster.journal.Trace.Sighting;
import org.pgminicluster.journal.Trace.Verdict;
import org.pgminicluster.report.Block.Cell;
import org.pgminicluster.report.Block.Mark;
import org.pgminicluster.report.Block.Text;
import org.pgminicluster.report.Block.Tone;
import org.pgminicluster.report.Document.Section;
import org.pgminicluster.report.Run.At;

/** A homework that was checked: the points, what was seen of each, and where. */
final class CheckSection {

    private final List<Judged> points;
    private final List<Trace.Examined> examined;
    private final Labels labels;

    CheckSection(Run run, Labels labels) {
        this.points = run.of(Judged.class).map(At::event).toList();
        this.examined = run.of(Trace.Examined.class).map(At::event).toList();
        this.labels = labels;
    }

    /** The verdict on all of it; empty if nothing was judged. */
    Optional<Text> banner() {
        if (points.isEmpty()) {
            return Optional.empty();
        }
        long done = count(Verdict.DONE);
        boolean all = done == points.size();
        List<String> said = new ArrayList<>();
        said.add(all ? labels.get("check.all", done) : labels.get("check.some", done, points.size()));
        say("check.wrong", count(Verdict.WRONG), said);
        say("check.not-yet", count(Verdict.NOT_YET), said);
        say("check.untold", count(Verdict.UNTOLD), said);
        say(
                "check.remarks",
                points.stream()
                        .flatMap(point -> point.sightings().stream())
                        .filter(seen -> seen.verdict() == Verdict.REMARK)
                        .count(),
                said);
        Tone tone = count(Verdict.WRONG) > 0 ? Tone.BAD : all ? Tone.GOOD : Tone.FAULT;
        return Optional.of(new Text(tone, String.join(" ", said)));
    }

    private void say(String key, long count, List<String> said) {
        if (count > 0) {
            said.add(labels.get(key, count));
        }
    }

    private long count(Verdict verdict) {
        return points.stream().filter(point -> point.verdict() == verdict).count();
    }

    /** What the servers run, in words; empty if nothing was looked at. */
    String versions() {
        return examined.stream().map(Trace.Examined::versions).findFirst().orElse("");
    }

    Section points() {
        List<Block> blocks = new ArrayList<>();
        if (!points.isEmpty()) {
            blocks.add(table());
            for (int i = 0; i < points.size(); i++) {
                point(i, blocks);
            }
        }
        examined.forEach(it -> blocks.add(new Text(Tone.SMALL, it.written())));
        return new Section("points", labels.get("check.points.title"), labels.get("check.points.lead"), blocks);
    }

    private Block.Table table() {
        List<List<Cell>> rows = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            Judged point = points.get(i);
            rows.add(List.of(
                    Cell.of(Integer.toString(i + 1)),
                    Cell.of(point.title()).linked("#" + anchor(i)),
                    Cell.of(mark(point.verdict()), word(point.verdict()))));
        }
        return new Block.Table("", List.of("#", labels.get("check.point"), labels.get("check.verdict")), rows);
    }

    private static String anchor(int index) {
        return "point-" + (index + 1);
    }

    private static Mark mark(Verdict verdict) {
        return switch (verdict) {
            case DONE, REMARK -> Mark.GOOD;
            case WRONG -> Mark.BAD;
            case NOT_YET, UNTOLD -> Mark.NOTHING;
        };
    }

    private String word(Verdict verdict) {
        return labels.get("check." + verdict.name().toLowerCase(Locale.ROOT).replace('_', '-') + ".word");
    }

    private void point(int index, List<Block> blocks) {
        Judged point = points.get(index);
        blocks.add(new Block.Heading(
                anchor(index), (index + 1) + ". " + point.title() + " (" + word(point.verdict()) + ")"));
        point.sightings().forEach(seen -> sighting(seen, blocks));
        blocks.add(new Text(Tone.SMALL, labels.get("check.why", point.why())));
    }

    private void sighting(Sighting seen, List<Block> blocks) {
        blocks.add(
                switch (seen.verdict()) {
                    case DONE -> new Text(Tone.GOOD, seen.text());
                    case REMARK -> new Text(Tone.PLAIN, labels.get("check.note", seen.text()));
                    case UNTOLD -> new Text(Tone.QUESTION, seen.text());
                    case NOT_YET -> new Text(Tone.FAULT, seen.text());
                    case WRONG -> new Text(Tone.BAD, seen.text());
                });
        if (seen.problem() != null) {
            blocks.add(new Text(Tone.SMALL, labels.get("check.explain", "minicluster explain " + seen.problem())));
        }
    }

    Section servers() {
        List<Block> blocks = new ArrayList<>();
        examined.forEach(it -> blocks.add(new Block.Table(
                "",
                List.of(
                        labels.get("check.node"),
                        labels.get("check.address"),
                        labels.get("check.user"),
                        labels.get("check.database")),
                it.places().stream()
                        .map(place -> List.of(
                                Cell.of(place.node()),
                                Cell.code(place.address()),
                                Cell.of(place.user()),
                                Cell.of(place.database().isEmpty() ? labels.get("check.any") : place.database())))
                        .toList())));
        return new Section("servers", labels.get("check.servers.title"), labels.get("check.servers.lead"), blocks);
    }
}
