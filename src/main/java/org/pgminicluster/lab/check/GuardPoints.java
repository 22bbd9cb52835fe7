package org.pgminicluster.lab.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.pgminicluster.script.Sql;
import org.pgminicluster.topology.TableName;

/** Read-only copies refuse whoever writes by himself, and let pass what replication brings. */
final class GuardPoints {

    private static final String TRUNCATE = "TRUNCATE";

    private GuardPoints() {}

    static List<Point> of(SeenHomework homework, Evidence evidence) {
        return homework.shared().isEmpty()
                ? List.of(new Point("guard-any", List.of(), List.of(Finding.notYet("guard-later"))))
                : homework.shared().stream().map(it -> of(it, evidence)).toList();
    }

    private static Point of(SeenHomework.Shared shared, Evidence evidence) {
        Survey copy = shared.copy();
        List<Finding> findings = copy.table(shared.name())
                .map(table -> findings(shared, table, evidence))
                .orElseGet(() -> List.of(Finding.notYet(
                        "table-missing", copy.node(), shared.name().toString())));
        return new Point("guard", List.of(copy.node(), shared.name().toString()), findings);
    }

    private static List<Finding> findings(SeenHomework.Shared shared, TableFacts table, Evidence evidence) {
        String node = shared.copy().node();
        String name = shared.name().toString();
        List<Finding> findings = new ArrayList<>(ofOwner(shared, evidence));
        for (TriggerFacts guard : table.guards()) {
            String sql = "ALTER TABLE " + table.sql() + " ENABLE TRIGGER " + Sql.identifier(guard.name());
            switch (guard.enabled()) {
                case "A" -> findings.add(Finding.wrong("guard-always", node, name, guard.name(), sql));
                case "R" -> findings.add(Finding.wrong("guard-replica", node, name, guard.name(), sql));
                case "D" -> findings.add(Finding.wrong("guard-disabled", node, name, guard.name(), sql));
                default -> {}
            }
        }
        boolean isExplained = !findings.isEmpty();
        Optional<GuardTrial> trial = evidence.guard(shared.copy(), shared.name());
        if (table.guards().isEmpty() && trial.map(GuardPoints::letsAny).orElse(true)) {
            return isExplained ? findings : List.of(none(node, shared.name(), table));
        }
        if (trial.isEmpty()) {
            if (!isExplained) {
                List<String> open = TriggerFacts.ACTS.stream()
                        .filter(act -> !isCovered(table, act))
                        .toList();
                findings.add(
                        evidence.isReadOnly()
                                ? Finding.untold(
                                        "guard-read-only", node, name, open.isEmpty() ? "-" : String.join(", ", open))
                                : Finding.untold("guard-untold", node, name, ""));
            }
            return findings;
        }
        findings.addAll(tried(node, name, table, trial.get(), isExplained));
        return findings;
    }

    private static boolean letsAny(GuardTrial trial) {
        return trial.acts().values().stream().noneMatch(it -> it.kind() == GuardTrial.Kind.REFUSED);
    }

    private static Finding none(String node, TableName name, TableFacts table) {
        return Finding.notYet("guard-none", node, name.toString(), table.sql(), Sql.identifier(name.name() + "_guard"));
    }

    private static List<Finding> tried(
            String node, String name, TableFacts table, GuardTrial trial, boolean isExplained) {
        List<String> refused = new ArrayList<>();
        List<String> let = new ArrayList<>();
        List<String> silent = new ArrayList<>();
        List<Finding> findings = new ArrayList<>();
        for (String act : TriggerFacts.ACTS) {
            GuardTrial.Outcome outcome = trial.acts().getOrDefault(act, GuardTrial.Outcome.NOT_TRIED);
            switch (outcome.kind()) {
                case REFUSED -> refused.add(act);
                case SILENT -> silent.add(act);
                case PASSED -> let.add(act);
                case NO_ROW -> (isCovered(table, act) ? refused : let).add(act);
                case UNTOLD -> findings.add(Finding.untold("guard-untold", node, name, act + " " + outcome.message()));
            }
        }
        boolean truncates = let.remove(TRUNCATE);
        if (!let.isEmpty() && !isExplained) {
            findings.add(Finding.wrong("guard-lets", node, name, String.join(", ", let), table.sql()));
        }
        if (let.isEmpty() && !isExplained && findings.isEmpty()) {
            List<String> kept = Stream.concat(refused.stream(), silent.stream()).toList();
            findings.add(Finding.done("guard-done", node, name, String.join(", ", kept)));
        }
        if (let.isEmpty() && truncates && !isExplained) {
            findings.add(Finding.remark("guard-truncate", node, name, table.sql(), function(table)));
        }
        if (let.isEmpty() && trial.emptyUpdate().kind() == GuardTrial.Kind.PASSED && !isExplained) {
            findings.add(Finding.remark("guard-each-row", node, name));
        }
        if (!silent.isEmpty()) {
            findings.add(Finding.remark("guard-silent", node, name, String.join(", ", silent)));
        }
        return findings;
    }

    private static String function(TableFacts table) {
        return Sql.identifier(
                table.guards().stream().findFirst().map(TriggerFacts::function).orElse("refuse_write"));
    }

    /** By the catalogs alone. */
    private static boolean isCovered(TableFacts table, String act) {
        return table.guards().stream().anyMatch(it -> it.fires(act) && it.firesDirectly());
    }

    /** One that stands where the table is written keeps its owner from writing. */
    private static List<Finding> ofOwner(SeenHomework.Shared shared, Evidence evidence) {
        Survey owner = shared.owner();
        Optional<TableFacts> table = owner.table(shared.name());
        boolean refuses = evidence.owner(owner, shared.name())
                .filter(it -> it.kind() == GuardTrial.Kind.REFUSED)
                .isPresent();
        return table.stream()
                .flatMap(it -> it.guards().stream())
                .filter(it -> it.fires("INSERT") && it.firesDirectly())
                .filter(it -> refuses || evidence.isReadOnly() && it.always())
                .limit(1)
                .map(it -> Finding.wrong(
                        "guard-wrong-side",
                        owner.node(),
                        shared.name().toString(),
                        it.name(),
                        shared.copy().node(),
                        "DROP TRIGGER " + Sql.identifier(it.name()) + " ON " + Sql.table(shared.name())))
                .toList();
    }
}
