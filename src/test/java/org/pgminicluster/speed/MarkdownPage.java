package org.pgminicluster.speed;

import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/** The page as GitHub shows it. */
final class MarkdownPage {

    private static final int WIDTH = 40;

    private MarkdownPage() {}

    static String of(List<Block> blocks) {
        return blocks.stream()
                .map(MarkdownPage::text)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining("\n\n", "", "\n"));
    }

    private static String text(Block block) {
        if (block instanceof Block.Heading heading) {
            return "#".repeat(heading.level()) + " " + heading.text();
        } else if (block instanceof Block.Text text) {
            return text.text();
        } else if (block instanceof Block.Items items) {
            return items.items().stream().map(item -> "- " + item).collect(Collectors.joining("\n"));
        } else if (block instanceof Block.Table table) {
            return table(table.head(), table.rows());
        } else if (block instanceof Block.Code code) {
            return "```sh\n" + code.text() + "\n```";
        } else if (block instanceof Block.Bars bars) {
            return bars(bars);
        }
        // The figures of a curve are in the table beside it.
        return "";
    }

    private static String table(List<String> head, List<List<String>> rows) {
        return line(head) + "\n" + line(Collections.nCopies(head.size(), "---"))
                + rows.stream().map(row -> "\n" + line(row)).collect(Collectors.joining());
    }

    private static String line(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("|", "\\|")).collect(Collectors.joining(" | ", "| ", " |"));
    }

    private static String bars(Block.Bars bars) {
        List<List<String>> rows = bars.bars().stream()
                .map(bar -> List.of(
                        bar.ours() ? "**" + bar.name() + "**" : bar.name(),
                        Figures.shown(bar.value()),
                        "`" + "█".repeat(length(bar.value(), bars.greatest())) + "`"))
                .toList();
        return table(List.of(bars.title(), bars.unit(), ""), rows);
    }

    /** At least one, so that what is there is seen. */
    static int length(double value, double greatest) {
        return Math.max(1, (int) Math.round(WIDTH * value / greatest));
    }
}
