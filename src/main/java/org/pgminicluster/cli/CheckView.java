package org.pgminicluster.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.lab.Lab;
import org.pgminicluster.lab.check.CheckResult;
import org.pgminicluster.lab.check.Finding;
import org.pgminicluster.lab.check.Judgement;
import org.pgminicluster.lab.check.Point;
import org.pgminicluster.lab.lesson.Texts;

/** A check as people read it, and as programs do. */
final class CheckView {

    /** Who is told of everything at once begins with nothing. */
    private static final int NEXT_STEPS = 2;

    private static final String GAP = "  ";

    /** What is called otherwise where it is explained. */
    private static final Map<String, String> EXPLAINED_BY = Map.of(
            "wal-level-not-restarted", "wal-level",
            "columns-differ", "ddl-drift",
            "table-missing", "sub-table-missing",
            "guard-always", "guard-trigger",
            "guard-replica", "guard-trigger",
            "guard-lets", "guard-trigger",
            "rows-extra", "conflict-insert",
            "publishes-everything", "loop",
            "standby-promoted", "clone-steals-slot");

    private final Terminal terminal;
    private final Texts texts;

    CheckView(Terminal terminal, Texts texts) {
        this.terminal = terminal;
        this.texts = texts;
    }

    /** @param explained the name that {@code minicluster explain} takes; null if there is none */
    record FindingData(
            String id,
            String verdict,
            String seen,
            @Nullable String hint,
            @Nullable String answer,
            @Nullable String explained) {}

    record PointData(
            String id, List<String> about, String verdict, String title, String why, List<FindingData> findings) {}

    /** @param report where it was written to be handed in; null as long as it is not */
    record Data(
            boolean done,
            boolean readOnly,
            List<PointData> points,
            @Nullable String report) {

        Data reported(Path page) {
            return new Data(done, readOnly, points, page.toString());
        }
    }

    Data data(CheckResult result) {
        return new Data(
                result.isDone(),
                result.readOnly(),
                result.points().stream()
                        .map(point -> new PointData(
                                point.id(),
                                point.values(),
                                point.verdict().word(),
                                point.title(texts),
                                point.why(texts),
                                point.findings().stream().map(this::data).toList()))
                        .toList(),
                null);
    }

    /** What was tried and taken back. */
    String written(CheckResult result) {
        return texts.get(result.readOnly() ? "wrote.not" : result.written() ? "wrote" : "wrote.nothing");
    }

    private FindingData data(Finding finding) {
        return new FindingData(
                finding.id(),
                finding.verdict().word(),
                finding.seen(texts),
                finding.hint(texts).orElse(null),
                finding.answer(texts).orElse(null),
                explained(finding).orElse(null));
    }

    private static Optional<String> explained(Finding finding) {
        String id = EXPLAINED_BY.getOrDefault(finding.id(), finding.id());
        return Lab.problem(id).map(problem -> id);
    }

    /**
     * @param all whether all that is not done gets its hints, or what is wrong and the next steps
     * @param answers whether what to type is said, too
     */
    List<String> lines(CheckResult result, boolean all, boolean answers) {
        List<String> lines = new ArrayList<>();
        int steps = 0;
        boolean hidden = false;
        int indent = indent();
        for (Point point : result.points()) {
            boolean isOpen = point.verdict() != Judgement.DONE;
            boolean advised = isOpen && (all || point.verdict() == Judgement.WRONG || steps < NEXT_STEPS);
            steps += isOpen && point.verdict() != Judgement.WRONG ? 1 : 0;
            hidden |= isOpen && !advised;
            add(lines, point, advised, answers, indent);
        }
        lines.add("");
        total(result, lines);
        if (hidden) {
            fold(lines, texts.get("more.hints"));
        }
        if (!result.isDone() && !answers) {
            fold(lines, texts.get("more.answers"));
        }
        fold(lines, written(result));
        return lines;
    }

    private void add(List<String> lines, Point point, boolean advised, boolean answers, int indent) {
        String word = texts.get("verdict." + point.verdict().word());
        List<String> title = TextTable.fold(point.title(texts), terminal.width() - indent);
        lines.add(coloured(point.verdict(), word) + " ".repeat(indent - word.length()) + terminal.bold(title.get(0)));
        title.subList(1, title.size()).forEach(more -> lines.add(" ".repeat(indent) + terminal.bold(more)));
        boolean told = false;
        for (Finding finding : point.findings()) {
            boolean isOpen = finding.verdict() != Judgement.DONE && finding.verdict() != Judgement.REMARK;
            String remark = finding.verdict() == Judgement.REMARK ? texts.get("label.note") + " " : "";
            indented(lines, remark + finding.seen(texts), indent);
            if (isOpen && advised) {
                if (!told) {
                    indented(lines, texts.get("label.why") + " " + point.why(texts), indent);
                }
                told = true;
                finding.hint(texts).ifPresent(hint -> indented(lines, texts.get("label.hint") + " " + hint, indent));
                if (answers) {
                    finding.answer(texts).ifPresent(it -> answer(lines, it, indent));
                }
                explained(finding)
                        .ifPresent(id ->
                                indented(lines, texts.get("label.explain") + " minicluster explain " + id, indent));
            }
        }
    }

    private void total(CheckResult result, List<String> lines) {
        List<String> sentences = new ArrayList<>();
        sentences.add(
                texts.get("total", result.count(Judgement.DONE), result.points().size()));
        for (Judgement verdict : List.of(Judgement.WRONG, Judgement.NOT_YET, Judgement.UNTOLD)) {
            if (result.count(verdict) > 0) {
                sentences.add(texts.get("total." + verdict.word(), result.count(verdict)));
            }
        }
        if (result.remarks() > 0) {
            sentences.add(texts.get("total.remarks", result.remarks()));
        }
        List<String> folded = TextTable.fold(String.join(" ", sentences), terminal.width());
        folded.forEach(line -> lines.add(result.isDone() ? terminal.green(line) : terminal.bold(line)));
    }

    /** What is typed is not folded where it has lines of its own. */
    private void answer(List<String> lines, String text, int indent) {
        if (text.contains("\n")) {
            indented(lines, texts.get("label.answer"), indent);
            text.lines().forEach(line -> lines.add(" ".repeat(indent) + GAP + line));
        } else {
            indented(lines, texts.get("label.answer") + " " + text, indent);
        }
    }

    private void indented(List<String> lines, String text, int indent) {
        TextTable.fold(text, terminal.width() - indent).forEach(line -> lines.add(" ".repeat(indent) + line));
    }

    private void fold(List<String> lines, String text) {
        lines.addAll(TextTable.fold(text, terminal.width()));
    }

    private int indent() {
        int widest = 0;
        for (Judgement verdict : Judgement.values()) {
            widest = verdict == Judgement.REMARK
                    ? widest
                    : Math.max(widest, texts.get("verdict." + verdict.word()).length());
        }
        return widest + GAP.length();
    }

    private String coloured(Judgement verdict, String word) {
        return switch (verdict) {
            case DONE -> terminal.green(word);
            case WRONG -> terminal.red(word);
            case NOT_YET, UNTOLD, REMARK -> terminal.yellow(word);
        };
    }
}
