package org.pgminicluster.report;

import java.util.List;
import java.util.stream.Collectors;
import org.pgminicluster.report.Block.Cell;

/** A document as Markdown that GitHub shows, pictures in Mermaid. */
final class MarkdownWriter {

    private final StringBuilder out = new StringBuilder(16 * 1024);

    private MarkdownWriter() {}

    static String write(Document document) {
        MarkdownWriter writer = new MarkdownWriter();
        writer.out.append("# ").append(escape(document.title())).append("\n\n");
        writer.block(document.banner());
        writer.blocks(document.card());
        document.sections().stream().filter(it -> !it.blocks().isEmpty()).forEach(section -> {
            writer.out
                    .append("## ")
                    .append(anchor(section.id()))
                    .append(escape(section.title()))
                    .append("\n\n");
            if (!section.lead().isEmpty()) {
                writer.out.append(escape(section.lead())).append("\n\n");
            }
            writer.blocks(section.blocks());
        });
        writer.out.append("---\n\n").append(escape(document.footer())).append('\n');
        return writer.out.toString();
    }

    private static String anchor(String id) {
        return "<a id=\"" + id + "\"></a>";
    }

    /** What is typed in a row shares a fence. */
    private void blocks(List<Block> blocks) {
        boolean fenced = false;
        for (Block block : blocks) {
            if (block instanceof Block.Statement statement) {
                out.append(fenced ? "" : "```sql\n").append(statement.prompt()).append(' ');
                out.append(fenceless(statement.sql())).append('\n');
                out.append(statement.output().isEmpty() ? "" : fenceless(statement.output()) + "\n");
                fenced = true;
            } else {
                out.append(fenced ? "```\n\n" : "");
                fenced = false;
                block(block);
            }
        }
        out.append(fenced ? "```\n\n" : "");
    }

    private void block(Block block) {
        if (block instanceof Block.Text text) {
            out.append(text(text)).append("\n\n");
        } else if (block instanceof Block.Facts facts) {
            facts.facts()
                    .forEach(fact -> out.append("- **")
                            .append(escape(fact.label()))
                            .append(":** ")
                            .append(fact.code() ? code(fact.value()) : escape(fact.value()))
                            .append('\n'));
            out.append('\n');
        } else if (block instanceof Block.Table table) {
            table(table);
        } else if (block instanceof Block.Code code) {
            out.append("```")
                    .append(code.language())
                    .append('\n')
                    .append(fenceless(code.text().stripTrailing()));
            out.append("\n```\n\n");
        } else if (block instanceof Block.Picture picture) {
            if (picture.mermaid() != null) {
                out.append("```mermaid\n").append(picture.mermaid()).append("```\n\n");
            }
            out.append('*').append(escape(picture.caption())).append("*\n\n");
        } else if (block instanceof Block.Fold fold) {
            out.append("<details><summary>").append(Html.escape(fold.summary())).append("</summary>\n\n");
            blocks(fold.blocks());
            out.append("</details>\n\n");
        } else if (block instanceof Block.Heading heading) {
            out.append("### ")
                    .append(anchor(heading.id()))
                    .append(escape(heading.text()))
                    .append("\n\n");
        }
    }

    private static String text(Block.Text text) {
        String escaped = escape(text.text());
        return switch (text.tone()) {
            case PLAIN, REASON -> escaped;
            case GOOD -> "✓ " + escaped;
            case BAD -> "**✗ " + escaped + "**";
            case WAIT -> "… " + escaped;
            case FAULT -> "**! " + escaped + "**";
            case QUESTION -> "> **?** " + escaped.replace("\n", "\n> ");
            case SMALL -> "<sub>" + escaped + "</sub>";
        };
    }

    private void table(Block.Table table) {
        if (!table.caption().isEmpty()) {
            out.append("**").append(escape(table.caption())).append("**\n\n");
        }
        out.append(row(table.head().stream().map(MarkdownWriter::escape).toList()));
        out.append(row(table.head().stream().map(head -> "---").toList()));
        table.rows()
                .forEach(row ->
                        out.append(row(row.stream().map(MarkdownWriter::cell).toList())));
        out.append('\n');
    }

    private static String row(List<String> cells) {
        return cells.stream().map(cell -> cell.replace("\n", "<br>")).collect(Collectors.joining(" | ", "| ", " |\n"));
    }

    private static String cell(Cell cell) {
        String text = cell.code()
                ? cell.mark().before("<code>" + escape(cell.text()) + "</code>")
                : escape(cell.mark().before(cell.text()));
        return cell.link() == null ? text : "[" + text + "](" + cell.link() + ")";
    }

    /** A fence within would end the one around it. */
    private static String fenceless(String text) {
        return text.replace("```", "`\u200B``");
    }

    private static String code(String text) {
        return "<code>" + escape(text) + "</code>";
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '\\', '`', '*', '_', '[', ']', '|', '#', '~' ->
                    escaped.append('\\').append(c);
                default -> escaped.append(c);
            }
        }
        return escaped.toString();
    }
}
