package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgminicluster.journal.Entry;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.report.Block.Cell;
import org.pgminicluster.report.Block.Mark;
import org.pgminicluster.report.Document.Section;

/** What the guards of the read-only copies let through and what they refuse, as far as this run tried. */
final class GuardSection {

    private static final String READ_ONLY = "25006";
    private static final List<String> OPERATIONS =
            List.of("INSERT", "UPDATE", "UPDATE … WHERE false", "DELETE", "TRUNCATE", "COPY");

    private record Copy(String node, String table) {}

    private final Run run;
    private final Labels labels;
    private final List<Copy> copies;
    private final Map<String, Map<Copy, Cell>> tried = new LinkedHashMap<>();

    GuardSection(Run run, Labels labels) {
        this.run = run;
        this.labels = labels;
        this.copies = run.layout().members().stream()
                .flatMap(member -> member.readOnly().stream().map(table -> new Copy(member.node(), table)))
                .toList();
    }

    Section section() {
        List<Block> blocks = new ArrayList<>();
        OPERATIONS.forEach(operation -> tried.put(operation, new LinkedHashMap<>()));
        run.of(Event.Sql.class)
                .forEach(sql -> Dml.of(sql.event().sql())
                        .ifPresent(dml -> direct(dml, new Copy(sql.node(), dml.table()), sql.entry(), sql.event())));
        boolean anyDirect = tried.values().stream().anyMatch(cells -> !cells.isEmpty());
        if (anyDirect) {
            applied();
            copied();
            blocks.add(table());
        }
        return new Section("guard", labels.get("guard.title"), labels.get("guard.lead"), blocks);
    }

    private void direct(Dml dml, Copy copy, Entry entry, Event.Sql sql) {
        Map<Copy, Cell> row = tried.get(dml.operation());
        if (row == null || !copies.contains(copy) || isBeforeGuard(copy, entry)) {
            return;
        }
        Cell cell;
        if (sql.result() instanceof Event.Failed failed) {
            cell = failed.sqlState().equals(READ_ONLY) || failed.message().contains("Cannot modify table")
                    ? Cell.of(Mark.REFUSED, labels.get("guard.refused"))
                    : Cell.of(Mark.BAD, TopologyPicture.shorten(failed.message(), 60));
        } else {
            cell = Cell.of(Mark.BAD, labels.get("guard.passed"));
        }
        row.putIfAbsent(copy, cell.linked("#" + run.chapterOf(entry).anchor()));
    }

    /** A table is filled before its guard is made. */
    private boolean isBeforeGuard(Copy copy, Entry entry) {
        return run.of(Event.Sql.class)
                .filter(sql ->
                        sql.node().equals(copy.node()) && sql.event().sql().contains("CREATE TRIGGER"))
                .findFirst()
                .map(trigger -> trigger.entry().seq() > entry.seq())
                .orElse(false);
    }

    private void applied() {
        Map<Copy, Cell> row = new LinkedHashMap<>();
        run.of(Trace.Commit.class)
                .forEach(commit -> run.arrivals(commit).stream()
                        .filter(arrival -> !arrival.event().physical())
                        .forEach(arrival -> commit.event().tables().stream()
                                .map(table -> new Copy(arrival.node(), table))
                                .filter(copies::contains)
                                .forEach(copy ->
                                        row.putIfAbsent(copy, Cell.of(Mark.GOOD, labels.get("guard.applied"))))));
        tried.put(labels.get("guard.apply"), row);
    }

    private void copied() {
        Map<Copy, Cell> row = new LinkedHashMap<>();
        run.of(Trace.Probe.class)
                .forEach(probe -> probe.event().subscriptions().stream()
                        .flatMap(subscription -> subscription.tables().stream())
                        .filter(table -> table.endsWith("=r"))
                        .map(table -> new Copy(probe.node(), table.substring(0, table.length() - 2)))
                        .filter(copies::contains)
                        .forEach(copy -> row.putIfAbsent(copy, Cell.of(Mark.GOOD, labels.get("guard.applied")))));
        tried.put(labels.get("guard.copy"), row);
    }

    private Block.Table table() {
        List<String> head = new ArrayList<>(List.of(labels.get("guard.operation")));
        copies.forEach(copy -> head.add(copy.table() + ", " + copy.node()));
        List<List<Cell>> rows = new ArrayList<>();
        tried.forEach((operation, cells) -> {
            if (!cells.isEmpty()) {
                List<Cell> row = new ArrayList<>(List.of(Cell.of(operation)));
                copies.forEach(copy -> row.add(Optional.ofNullable(cells.get(copy))
                        .orElseGet(() -> Cell.of(Mark.NOTHING, labels.get("guard.untried")))));
                rows.add(row);
            }
        });
        return new Block.Table("", head, rows);
    }
}
