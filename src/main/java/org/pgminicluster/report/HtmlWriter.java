package org.pgminicluster.report;

import static org.pgminicluster.report.Html.escape;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.report.Block.Cell;
import org.pgminicluster.report.Block.Mark;
import org.pgminicluster.report.Document.Section;

/** A document as one HTML page that needs nothing else: no other file, no request to anywhere. */
final class HtmlWriter {

    private static final Pattern LONG_NAME = Pattern.compile("\\w{16,}");

    private final Labels labels;
    private final StringBuilder out = new StringBuilder(64 * 1024);

    private HtmlWriter(Labels labels) {
        this.labels = labels;
    }

    static String write(Document document, Labels labels) {
        return new HtmlWriter(labels).page(document);
    }

    private String page(Document document) {
        List<Section> sections = document.sections().stream()
                .filter(it -> !it.blocks().isEmpty())
                .toList();
        out.append("<!DOCTYPE html>\n<html lang=\"").append(document.language()).append("\">\n<head>\n");
        out.append(
                "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
        out.append("<meta http-equiv=\"Content-Security-Policy\" content=\"")
                .append(PageScript.policy())
                .append("\">\n");
        out.append("<meta name=\"color-scheme\" content=\"light dark\">\n");
        out.append("<link rel=\"icon\" href=\"data:,\">\n");
        out.append("<title>")
                .append(escape(document.title()))
                .append("</title>\n<style>\n")
                .append(style());
        out.append("</style>\n</head>\n<body>\n");
        out.append("<a class=\"skip\" href=\"#main\">")
                .append(label("page.skip"))
                .append("</a>\n");
        out.append("<header>\n<p class=\"brand\">pg-minicluster</p>\n<h1>")
                .append(escape(document.title()))
                .append("</h1>\n");
        block(document.banner());
        document.card().forEach(this::block);
        out.append("</header>\n");
        if (sections.size() > 1) {
            out.append("<nav aria-label=\"").append(label("page.contents")).append("\">\n<ul>\n");
            for (Section section : sections) {
                entry(section.id(), escape(section.title()), "<li>");
                if (isBeforeStage(section, document)) {
                    entry("time", label("time.title"), "<li hidden>");
                }
            }
            out.append("</ul>\n</nav>\n");
        }
        out.append("<main id=\"main\">\n");
        for (Section section : sections) {
            section(section);
            if (isBeforeStage(section, document)) {
                stage(document.stage());
            }
        }
        out.append("</main>\n<footer><p>")
                .append(escape(document.footer()))
                .append("</p></footer>\n")
                .append(PageScript.elements(document, labels))
                .append("</body>\n</html>\n");
        return out.toString();
    }

    private static boolean isBeforeStage(Section section, Document document) {
        return document.stage() != null && section.id().equals("topology");
    }

    private void entry(String id, String title, String item) {
        out.append(item)
                .append("<a href=\"#")
                .append(id)
                .append("\">")
                .append(title)
                .append("</a></li>\n");
    }

    static String style() {
        return resource("report.css");
    }

    static String resource(String name) {
        try (InputStream in = HtmlWriter.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String label(String key) {
        return escape(labels.get(key));
    }

    /** Shown by the script, without which it would be of no use. */
    private void stage(@Nullable Stage stage) {
        if (stage != null) {
            out.append("<section hidden class=\"stage\" id=\"time\" aria-labelledby=\"h-time\">\n<h2 id=\"h-time\">")
                    .append(label("time.title"))
                    .append("</h2>\n<p class=\"lead\">")
                    .append(label("time.lead"))
                    .append("</p>\n<div class=\"scroll picture\" tabindex=\"0\">\n")
                    .append(stage.svg())
                    .append("</div>\n</section>\n");
        }
    }

    private void section(Section section) {
        out.append("<section id=\"")
                .append(section.id())
                .append("\" aria-labelledby=\"h-")
                .append(section.id());
        out.append("\">\n<h2 id=\"h-").append(section.id()).append("\">").append(escape(section.title()));
        out.append("</h2>\n");
        if (!section.lead().isEmpty()) {
            out.append("<p class=\"lead\">").append(escape(section.lead())).append("</p>\n");
        }
        section.blocks().forEach(this::block);
        out.append("</section>\n");
    }

    private void block(Block block) {
        if (block instanceof Block.Text text) {
            text(text);
        } else if (block instanceof Block.Facts facts) {
            facts(facts);
        } else if (block instanceof Block.Table table) {
            table(table);
        } else if (block instanceof Block.Statement statement) {
            statement(statement);
        } else if (block instanceof Block.Code code) {
            out.append("<pre class=\"code\" tabindex=\"0\"><code>")
                    .append(escape(code.text()))
                    .append("</code></pre>\n");
        } else if (block instanceof Block.Picture picture) {
            out.append("<figure>\n<div class=\"scroll\" tabindex=\"0\">\n")
                    .append(picture.svg())
                    .append("</div>\n");
            out.append("<figcaption>").append(escape(picture.caption())).append("</figcaption>\n</figure>\n");
        } else if (block instanceof Block.Fold fold) {
            out.append(fold.open() ? "<details open>" : "<details>");
            out.append("<summary>").append(escape(fold.summary())).append("</summary>\n<div class=\"inside\">\n");
            fold.blocks().forEach(this::block);
            out.append("</div>\n</details>\n");
        } else if (block instanceof Block.Heading heading) {
            out.append("<h3 id=\"")
                    .append(heading.id())
                    .append("\">")
                    .append(escape(heading.text()))
                    .append("</h3>\n");
        }
    }

    private void text(Block.Text text) {
        String tone = text.tone().name().toLowerCase(Locale.ROOT);
        String sign = switch (text.tone()) {
            case GOOD -> "✓";
            case BAD -> "✗";
            case WAIT -> "…";
            case FAULT -> "!";
            case QUESTION -> "?";
            case PLAIN, REASON, SMALL -> "";
        };
        out.append("<p class=\"").append(tone).append("\">");
        if (!sign.isEmpty()) {
            out.append("<span class=\"sign\" aria-hidden=\"true\">")
                    .append(sign)
                    .append("</span> ");
        }
        out.append(escape(text.text())).append("</p>\n");
    }

    private void facts(Block.Facts facts) {
        out.append("<dl>\n");
        facts.facts().forEach(fact -> {
            out.append("<div><dt>").append(escape(fact.label())).append("</dt><dd>");
            out.append(fact.code() ? "<code>" : "").append(escape(fact.value())).append(fact.code() ? "</code>" : "");
            out.append("</dd></div>\n");
        });
        out.append("</dl>\n");
    }

    private void table(Block.Table table) {
        out.append("<div class=\"scroll\" tabindex=\"0\">\n<table>\n");
        if (!table.caption().isEmpty()) {
            out.append("<caption>").append(escape(table.caption())).append("</caption>\n");
        }
        out.append("<thead><tr>");
        table.head()
                .forEach(head ->
                        out.append("<th scope=\"col\">").append(escape(head)).append("</th>"));
        out.append("</tr></thead>\n<tbody>\n");
        for (List<Cell> row : table.rows()) {
            out.append("<tr>");
            for (int i = 0; i < row.size(); i++) {
                cell(row.get(i), i == 0);
            }
            out.append("</tr>\n");
        }
        out.append("</tbody>\n</table>\n</div>\n");
    }

    private void cell(Cell cell, boolean heading) {
        out.append(heading ? "<th scope=\"row\"" : "<td");
        if (cell.mark() != Mark.NONE) {
            out.append(" class=\"")
                    .append(cell.mark().name().toLowerCase(Locale.ROOT))
                    .append('"');
        }
        out.append('>');
        String text = breakable(escape(cell.mark().before(cell.text())));
        if (cell.link() != null) {
            out.append("<a href=\"")
                    .append(escape(cell.link()))
                    .append("\">")
                    .append(text)
                    .append("</a>");
        } else {
            out.append(cell.code() ? "<code>" : "").append(text).append(cell.code() ? "</code>" : "");
        }
        out.append(heading ? "</th>" : "</td>");
    }

    /** A long name may go on in the next line, behind any of its underscores. */
    private static String breakable(String escaped) {
        return LONG_NAME.matcher(escaped).replaceAll(name -> name.group().replace("_", "_<wbr>"));
    }

    private void statement(Block.Statement statement) {
        out.append("<div class=\"psql");
        out.append(statement.refused() ? " refused" : "").append("\"><pre tabindex=\"0\"><span class=\"prompt\">");
        out.append(escape(statement.prompt()))
                .append("</span> <span class=\"sql\">")
                .append(SqlWords.html(statement.sql()))
                .append("</span>");
        if (!statement.output().isEmpty()) {
            out.append("\n<span class=\"output\">")
                    .append(escape(statement.output()))
                    .append("</span>");
        }
        out.append("</pre><span class=\"time\">")
                .append(escape(statement.time()))
                .append("</span></div>\n");
    }
}
