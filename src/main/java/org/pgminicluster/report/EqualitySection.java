package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.report.Block.Cell;
import org.pgminicluster.report.Block.Mark;
import org.pgminicluster.report.Document.Section;

/** Whether all who hold a table hold the same rows: as last recorded in the run. */
final class EqualitySection {

    private static final int SHORT = 10;

    private final Run run;
    private final Labels labels;

    EqualitySection(Run run, Labels labels) {
        this.run = run;
        this.labels = labels;
    }

    Section section() {
        Map<String, Trace.Copies> last = new LinkedHashMap<>();
        run.of(Trace.Copies.class).forEach(copies -> last.put(copies.event().table(), copies.event()));
        List<Block> blocks = new ArrayList<>();
        if (!last.isEmpty()) {
            List<String> head = new ArrayList<>(List.of(labels.get("equality.table")));
            head.addAll(run.nodes());
            head.add(labels.get("equality.result"));
            List<List<Cell>> rows = new ArrayList<>();
            last.values().forEach(copies -> rows.add(row(copies)));
            blocks.add(new Block.Table("", head, rows));
        }
        return new Section("equality", labels.get("equality.title"), labels.get("equality.lead"), blocks);
    }

    private List<Cell> row(Trace.Copies copies) {
        List<Cell> cells = new ArrayList<>(List.of(Cell.of(copies.table())));
        boolean equal = copies.copies().stream()
                        .map(copy -> copy.rows() + copy.checksum())
                        .distinct()
                        .count()
                <= 1;
        for (String node : run.nodes()) {
            Optional<Trace.Copy> copy = copies.copies().stream()
                    .filter(it -> it.node().equals(node))
                    .findFirst();
            cells.add(copy.map(it -> Cell.of(labels.get("equality.rows", it.rows(), brief(it.checksum()))))
                    .orElseGet(() -> Cell.of(Mark.NOTHING, "")));
        }
        cells.add(
                equal
                        ? Cell.of(Mark.GOOD, labels.get("equality.equal"))
                        : Cell.of(Mark.BAD, labels.get("equality.different")));
        return cells;
    }

    private static String brief(String checksum) {
        return checksum.length() <= SHORT ? checksum : checksum.substring(0, SHORT) + "…";
    }
}
