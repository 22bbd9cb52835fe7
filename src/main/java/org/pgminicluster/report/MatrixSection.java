package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.report.Block.Cell;
import org.pgminicluster.report.Block.Mark;
import org.pgminicluster.report.Document.Section;
import org.pgminicluster.report.Run.At;

/** What became of each kind of write, on every node. */
final class MatrixSection {

    private static final int MOST_ROWS = 60;

    private record Key(String operation, String table, String node) {}

    /** All statements of one kind. */
    private static final class Tally {
        private int done;
        private double slowest;
        private @Nullable String refusal;
        private @Nullable Entry first;
        private final List<At<Trace.Commit>> commits = new ArrayList<>();
    }

    private final Run run;
    private final Labels labels;
    private final List<Trace.Arrow> arrows;
    private final Absences absences;
    private final Map<Key, Tally> tallies = new LinkedHashMap<>();

    MatrixSection(Run run, Labels labels) {
        this.run = run;
        this.labels = labels;
        this.arrows = run.arrows();
        this.absences = new Absences(run, labels);
    }

    Section section() {
        Map<String, Tally> last = new LinkedHashMap<>();
        for (Entry entry : run.entries()) {
            String node = String.valueOf(entry.node());
            if (entry.event() instanceof Event.Sql sql) {
                Dml.of(sql.sql()).ifPresent(dml -> {
                    Key key = new Key(dml.operation(), dml.table(), node);
                    last.put(node, statement(key, entry, sql));
                });
            } else if (entry.event() instanceof Trace.Commit commit) {
                Optional.ofNullable(last.get(node)).ifPresent(tally -> tally.commits.add(new At<>(entry, commit)));
            }
        }
        List<Block> blocks = new ArrayList<>();
        if (!tallies.isEmpty()) {
            blocks.add(table());
            if (tallies.size() > MOST_ROWS) {
                blocks.add(new Block.Text(Block.Tone.SMALL, labels.get("capped", MOST_ROWS, tallies.size())));
            }
        }
        return new Section("matrix", labels.get("matrix.title"), labels.get("matrix.lead"), blocks);
    }

    private Tally statement(Key key, Entry entry, Event.Sql sql) {
        Tally tally = tallies.computeIfAbsent(key, it -> new Tally());
        if (tally.first == null) {
            tally.first = entry;
        }
        if (sql.result() instanceof Event.Failed failed) {
            tally.refusal = failed.message();
        } else {
            tally.done++;
            tally.slowest = Math.max(tally.slowest, sql.millis());
        }
        return tally;
    }

    private Block.Table table() {
        List<String> head = new ArrayList<>(List.of(labels.get("matrix.operation")));
        head.addAll(run.nodes());
        List<List<Cell>> rows = new ArrayList<>();
        tallies.entrySet().stream().limit(MOST_ROWS).forEach(row -> {
            Key key = row.getKey();
            Tally tally = row.getValue();
            List<Cell> cells = new ArrayList<>();
            String anchor = Optional.ofNullable(tally.first)
                    .map(it -> "#" + run.chapterOf(it).anchor())
                    .orElse(null);
            cells.add(Cell.of(key.operation() + " " + key.table() + ", " + labels.get("matrix.on", key.node()))
                    .linked(anchor));
            run.nodes().forEach(node -> cells.add(node.equals(key.node()) ? here(tally) : there(node, key, tally)));
            rows.add(cells);
        });
        return new Block.Table("", head, rows);
    }

    private Cell here(Tally tally) {
        if (tally.refusal != null) {
            String text =
                    TopologyPicture.shorten(tally.refusal.lines().findFirst().orElse(""), 90);
            return Cell.of(Mark.REFUSED, tally.done == 0 ? text : labels.get("matrix.some", tally.done) + " " + text);
        }
        String time = labels.millis(tally.slowest);
        return Cell.of(Mark.GOOD, tally.done == 1 ? time : labels.get("matrix.times", tally.done, time));
    }

    private Cell there(String node, Key key, Tally tally) {
        if (tally.done == 0) {
            return Cell.of("");
        }
        if (tally.commits.isEmpty()) {
            return Cell.of(Mark.NONE, run.first(Trace.Probe.class).isPresent() ? "" : labels.get("matrix.untraced"));
        }
        List<Double> delays = new ArrayList<>();
        List<String> gone = new ArrayList<>();
        int lost = 0;
        int copied = 0;
        boolean backup = false;
        for (At<Trace.Commit> commit : tally.commits) {
            Optional<At<Trace.Arrival>> arrived = run.arrivals(commit).stream()
                    .filter(arrival -> arrival.node().equals(node))
                    .findFirst();
            if (arrived.isPresent()) {
                if (run.isCopied(commit, arrived.get())) {
                    copied++;
                    backup = arrived.get().event().physical();
                } else {
                    delays.add(arrived.get().millis() - commit.millis());
                }
            } else {
                Optional<Trace.Arrow> way = way(node, key, commit);
                Optional<String> absence = way.flatMap(it -> absences.why(it, commit));
                absence.ifPresent(gone::add);
                lost += way.isPresent() && absence.isEmpty() ? 1 : 0;
            }
        }
        if (lost > 0) {
            return Cell.of(Mark.BAD, labels.get("matrix.lost", lost, tally.commits.size()));
        }
        String notToArrive = gone.isEmpty()
                ? ""
                : labels.get("matrix.gone", gone.size(), tally.commits.size(), gone.get(gone.size() - 1));
        if (delays.isEmpty() && copied == 0) {
            return Cell.of(Mark.NOTHING, gone.isEmpty() ? labels.get("matrix.not-sent") : notToArrive);
        }
        String came = delays.isEmpty() ? labels.get(backup ? "matrix.backup" : "matrix.copied") : times(delays);
        return Cell.of(Mark.GOOD, gone.isEmpty() ? came : came + "; " + notToArrive);
    }

    private String times(List<Double> delays) {
        String least = labels.millis(delays.stream().min(Double::compare).orElse(0.0));
        String most = labels.millis(delays.stream().max(Double::compare).orElse(0.0));
        return least.equals(most) ? labels.get("matrix.after", least) : labels.get("matrix.between", least, most);
    }

    /** By which it was to arrive, if by any. */
    private Optional<Trace.Arrow> way(String node, Key key, At<Trace.Commit> commit) {
        return arrows.stream()
                .filter(arrow -> arrow.to().equals(node)
                        && arrow.from().equals(key.node())
                        && Run.carries(arrow, commit.event()))
                .findFirst();
    }
}
