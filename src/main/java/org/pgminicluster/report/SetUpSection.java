package org.pgminicluster.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.report.Block.Cell;
import org.pgminicluster.report.Document.Section;

/** What the servers run with, and what to type on machines of one's own. */
final class SetUpSection {

    private final Run run;
    private final Labels labels;

    SetUpSection(Run run, Labels labels) {
        this.run = run;
        this.labels = labels;
    }

    Section section() {
        List<Trace.Member> members = run.layout().members();
        List<Block> blocks = new ArrayList<>();
        members.stream()
                .filter(member -> !member.script().isBlank())
                .forEach(member -> blocks.add(new Block.Fold(
                        labels.get("setup.script", member.node()),
                        false,
                        List.of(new Block.Code("sql", member.script())))));
        if (!blocks.isEmpty()) {
            blocks.add(0, new Block.Text(Block.Tone.PLAIN, labels.get("setup.by-hand")));
        }
        if (members.stream().anyMatch(member -> !member.settings().isEmpty())) {
            blocks.add(new Block.Fold(labels.get("setup.settings"), false, List.of(settings(members))));
        }
        return new Section("setup", labels.get("setup.title"), labels.get("setup.lead"), blocks);
    }

    private Block.Table settings(List<Trace.Member> members) {
        Map<String, Map<String, String>> values = new LinkedHashMap<>();
        Map<String, String> reasons = new LinkedHashMap<>();
        members.forEach(member -> member.settings().forEach(setting -> {
            values.computeIfAbsent(setting.name(), it -> new LinkedHashMap<>()).put(member.node(), setting.value());
            reasons.putIfAbsent(setting.name(), setting.reason());
        }));
        List<String> head = new ArrayList<>(List.of(labels.get("setup.setting")));
        members.forEach(member -> head.add(member.node()));
        head.add(labels.get("setup.reason"));
        List<List<Cell>> rows = new ArrayList<>();
        values.forEach((name, byNode) -> {
            List<Cell> row = new ArrayList<>(List.of(Cell.code(name)));
            members.forEach(member -> row.add(Cell.of(byNode.getOrDefault(member.node(), ""))));
            row.add(Cell.of(labels.reason(reasons.getOrDefault(name, ""))));
            rows.add(row);
        });
        return new Block.Table("", head, rows);
    }
}
