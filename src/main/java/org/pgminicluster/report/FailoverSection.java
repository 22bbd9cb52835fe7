package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.report.Block.Cell;
import org.pgminicluster.report.Block.Mark;
import org.pgminicluster.report.Document.Section;
import org.pgminicluster.report.Run.At;

/** What each failover has cost: what was lost, and for how long nothing new came. */
final class FailoverSection {

    private static final int MOST_NAMED = 5;

    /** What is seen in one look is noted one after the other. */
    private static final double AT_ONCE = 5;

    private final Run run;
    private final Labels labels;

    FailoverSection(Run run, Labels labels) {
        this.run = run;
        this.labels = labels;
    }

    Section section() {
        List<List<Cell>> rows = run.of(Event.TakenOver.class).map(this::row).toList();
        List<Block> blocks = new ArrayList<>();
        if (!rows.isEmpty()) {
            blocks.add(new Block.Table(
                    "",
                    List.of(
                            labels.get("failover.who"),
                            labels.get("failover.how"),
                            labels.get("failover.rpo"),
                            labels.get("failover.rto"),
                            labels.get("failover.took")),
                    rows));
        }
        run.of(Event.TakenOver.class)
                .forEach(takenOver -> takenOver
                        .event()
                        .remarks()
                        .forEach(remark -> blocks.add(new Block.Text(
                                Block.Tone.FAULT,
                                takenOver.event().from() + " → " + takenOver.node() + ": " + labels.say(remark)))));
        return new Section("failover", labels.get("failover.title"), labels.get("failover.lead"), blocks);
    }

    private List<Cell> row(At<Event.TakenOver> takenOver) {
        String from = takenOver.event().from();
        double loss = lossOf(takenOver);
        List<Cell> cells = new ArrayList<>();
        cells.add(Cell.of(from + " → " + takenOver.node()));
        cells.add(Cell.of(
                takenOver.event().guarded() ? labels.get("failover.guarded") : labels.get("failover.plain", from)));
        cells.add(lost(takenOver, loss));
        cells.add(untilFirst(takenOver.node(), loss));
        cells.add(Cell.of(labels.millis(takenOver.event().millis())));
        return cells;
    }

    /** The last thing that was done to the primary. */
    private double lossOf(At<Event.TakenOver> takenOver) {
        return run.of(Event.Fault.class)
                .filter(fault -> fault.node().equals(takenOver.event().from())
                        && fault.event().phase() != Event.Fault.Phase.HEALED
                        && fault.millis() <= takenOver.millis())
                .mapToDouble(At::millis)
                .max()
                .orElse(takenOver.millis() - takenOver.event().millis());
    }

    private Cell lost(At<Event.TakenOver> takenOver, double loss) {
        if (run.first(Trace.Probe.class).isEmpty()) {
            return Cell.of(Mark.NONE, labels.get("matrix.untraced"));
        }
        List<At<Trace.Commit>> meant = run.of(Trace.Commit.class)
                .filter(commit ->
                        commit.millis() <= loss && isMeantFor(takenOver.event().from(), commit))
                .toList();
        List<At<Trace.Commit>> lost = new ArrayList<>(meant);
        lost.retainAll(lostOn(takenOver.node()));
        if (lost.isEmpty()) {
            return Cell.of(Mark.GOOD, labels.get("failover.none-lost", meant.size()));
        }
        String named = lost.stream()
                .limit(MOST_NAMED)
                .map(commit -> commit.event().operation() + " "
                        + String.join(", ", commit.event().tables()) + " (" + commit.node() + ", "
                        + commit.event().lsn() + ")")
                .collect(Collectors.joining("; ", "", lost.size() > MOST_NAMED ? "; …" : ""));
        return Cell.of(Mark.BAD, labels.get("failover.lost", lost.size(), meant.size(), named));
    }

    private boolean isMeantFor(String node, At<Trace.Commit> commit) {
        return run.arrows().stream()
                .anyMatch(arrow -> !arrow.physical()
                        && arrow.to().equals(node)
                        && arrow.from().equals(commit.node())
                        && Run.carries(arrow, commit.event()));
    }

    /** Commits of one node arrive in their order: one that a later one has overtaken was not sent with it. */
    private Set<At<Trace.Commit>> lostOn(String node) {
        Set<At<Trace.Commit>> lost = new HashSet<>();
        Map<String, Double> firstOfLater = new HashMap<>();
        List<At<Trace.Commit>> commits = run.of(Trace.Commit.class).toList();
        for (int i = commits.size() - 1; i >= 0; i--) {
            At<Trace.Commit> commit = commits.get(i);
            OptionalDouble arrived = arrival(commit, node);
            double later = firstOfLater.getOrDefault(commit.node(), Double.MAX_VALUE);
            if (arrived.isEmpty() || later + AT_ONCE < arrived.getAsDouble()) {
                lost.add(commit);
            }
            arrived.ifPresent(at -> firstOfLater.merge(commit.node(), at, Math::min));
        }
        return lost;
    }

    private OptionalDouble arrival(At<Trace.Commit> commit, String node) {
        return run.arrivals(commit).stream()
                .filter(arrival -> arrival.node().equals(node))
                .mapToDouble(At::millis)
                .min();
    }

    private Cell untilFirst(String node, double loss) {
        Optional<Double> first = run.of(Trace.Commit.class)
                .filter(commit -> commit.millis() > loss && !commit.node().equals(node))
                .map(commit -> arrival(commit, node))
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .min(Double::compare);
        return first.map(arrived -> Cell.of(labels.millis(arrived - loss)))
                .orElseGet(() -> Cell.of(Mark.NONE, labels.get("failover.nothing-later")));
    }
}
