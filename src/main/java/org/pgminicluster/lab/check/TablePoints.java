package org.pgminicluster.lab.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.pgminicluster.script.Sql;
import org.pgminicluster.topology.TableName;

/** Both tables on each node, with the same columns. */
final class TablePoints {

    private TablePoints() {}

    static List<Point> of(SeenHomework homework, Evidence evidence) {
        return List.of(new Point("tables", List.of(), findings(homework)));
    }

    private static List<Finding> findings(SeenHomework homework) {
        List<SeenHomework.Shared> shared = homework.shared();
        if (shared.isEmpty()) {
            return List.of(Finding.notYet("tables-none", "vm1, vm2, vm3"));
        }
        List<Finding> findings = new ArrayList<>();
        if (shared.size() == 1) {
            SeenHomework.Shared only = shared.get(0);
            findings.add(Finding.notYet(
                    "tables-one",
                    only.name().toString(),
                    only.owner().node(),
                    only.copy().node()));
        }
        for (SeenHomework.Shared each : shared) {
            Optional<TableFacts> original = each.owner().table(each.name());
            if (original.isEmpty()) {
                findings.add(missing(each.owner(), each.name()));
                continue;
            }
            if (!original.get().identified()) {
                findings.add(Finding.wrong(
                        "no-replica-identity", each.owner().node(), each.name().toString(), Sql.table(each.name())));
            }
            for (Survey node : homework.nodes()) {
                if (!node.node().equals(each.owner().node())) {
                    node.table(each.name())
                            .map(copy -> differing(node, original.get(), copy))
                            .orElseGet(() -> Optional.of(missing(node, each.name())))
                            .ifPresent(findings::add);
                }
            }
        }
        if (findings.isEmpty()) {
            findings.add(Finding.done(
                    "tables-done",
                    shared.get(0).name().toString(),
                    shared.get(0).owner().node(),
                    shared.get(1).name().toString(),
                    shared.get(1).owner().node()));
        }
        return findings;
    }

    /** One of that name in another schema is no help: replication looks for it where its original is. */
    private static Finding missing(Survey node, TableName name) {
        return node.tables().stream()
                .map(TableFacts::name)
                .filter(other -> other.name().equals(name.name()))
                .findFirst()
                .map(other -> Finding.wrong(
                        "wrong-schema", node.node(), Sql.table(other), Sql.table(name), Sql.identifier(name.schema())))
                .orElseGet(() -> Finding.notYet("table-missing", node.node(), name.toString()));
    }

    private static Optional<Finding> differing(Survey node, TableFacts original, TableFacts copy) {
        List<String> theirs = described(original);
        List<String> ours = described(copy);
        if (new TreeSet<>(theirs).equals(new TreeSet<>(ours))) {
            return Optional.empty();
        }
        return Optional.of(Finding.wrong(
                "columns-differ", node.node(), copy.name().toString(), only(ours, theirs), only(theirs, ours)));
    }

    private static String only(List<String> these, List<String> others) {
        String only = these.stream().filter(it -> !others.contains(it)).collect(Collectors.joining(", "));
        return only.isEmpty() ? "-" : only;
    }

    private static List<String> described(TableFacts table) {
        return table.columns().stream()
                .map(column -> Sql.identifier(column.name()) + " " + column.type())
                .toList();
    }
}
