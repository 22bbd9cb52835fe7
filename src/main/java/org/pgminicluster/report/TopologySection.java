package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.report.Block.Cell;
import org.pgminicluster.report.Block.Mark;
import org.pgminicluster.report.Document.Section;
import org.pgminicluster.report.Frame.State;
import org.pgminicluster.report.Spacetime.Bar;

/** Who feeds whom: at the end of the run, and while each fault lasted. */
final class TopologySection {

    private static final int MOST_FRAMES = 4;

    private final Run run;
    private final Labels labels;
    private final Spacetime spacetime;

    TopologySection(Run run, Spacetime spacetime, Labels labels) {
        this.run = run;
        this.spacetime = spacetime;
        this.labels = labels;
    }

    Section section() {
        List<Block> blocks = new ArrayList<>();
        List<Trace.Arrow> arrows = run.arrows();
        if (!run.nodes().isEmpty()) {
            TopologyPicture picture = new TopologyPicture(run, arrows, labels);
            List<Trace.Arrow> last = run.arrowsAtEnd();
            TopologyPicture ended = last.equals(arrows) ? picture : new TopologyPicture(run, last, labels);
            Frame end = new Frame(run.probesBefore(Double.MAX_VALUE), labels);
            blocks.add(picture(ended, end, labels.get("topology.end"), labels.get("topology.caption")));
            if (!last.isEmpty()) {
                blocks.add(table(last, end));
            }
            lasting().limit(MOST_FRAMES).forEach(fault -> {
                Frame frame = new Frame(run.probesBefore(fault.to()), labels);
                String title = labels.get("topology.fault", fault.whatAndWhere());
                blocks.add(new Block.Fold(
                        title, false, List.of(picture(picture, frame, title, title), table(arrows, frame))));
            });
        }
        return new Section("topology", labels.get("topology.title"), labels.get("topology.lead"), blocks);
    }

    private Stream<Bar> lasting() {
        return run.first(Trace.Probe.class).isEmpty()
                ? Stream.of()
                : spacetime.faults().stream().filter(Bar::lasts);
    }

    private static Block.Picture picture(TopologyPicture picture, Frame frame, String title, String caption) {
        return new Block.Picture(picture.draw(frame, title), picture.mermaid(frame), caption);
    }

    private Block.Table table(List<Trace.Arrow> arrows, Frame frame) {
        List<List<Cell>> rows = new ArrayList<>();
        for (int i = 0; i < arrows.size(); i++) {
            Trace.Arrow arrow = arrows.get(i);
            State state = frame.arrow(arrow);
            Optional<Trace.Slot> slot = Optional.ofNullable(frame.slot(arrow));
            Mark mark = switch (state.tone()) {
                case GOOD -> Mark.GOOD;
                case BAD -> Mark.BAD;
                case ABSENT, UNKNOWN -> Mark.NOTHING;
            };
            rows.add(List.of(
                    Cell.of(Integer.toString(i + 1)),
                    Cell.of(arrow.from() + "\u00A0→\u00A0" + arrow.to()),
                    Cell.of(
                            arrow.physical()
                                    ? labels.get("topology.wal")
                                    : String.join(", ", arrow.publications()) + " → " + arrow.name()),
                    Cell.of(Optional.ofNullable(frame.slotName(arrow)).orElse("")),
                    Cell.of(String.join(", ", arrow.tables())),
                    Cell.of(mark, state.text()),
                    Cell.of(slot.map(Trace.Slot::behind)
                            .map(it -> labels.bytes(Math.max(0, it)))
                            .orElse("")),
                    Cell.of(slot.map(Trace.Slot::confirmed).orElse(""))));
        }
        return new Block.Table(
                "",
                List.of(
                        "#",
                        labels.get("topology.way"),
                        labels.get("topology.subscription"),
                        labels.get("topology.slot"),
                        labels.get("topology.tables"),
                        labels.get("topology.state"),
                        labels.get("topology.lag"),
                        labels.get("topology.confirmed")),
                rows);
    }
}
