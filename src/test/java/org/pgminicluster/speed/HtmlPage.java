package org.pgminicluster.speed;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The page as one file that needs no other and runs no script. */
final class HtmlPage {

    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern BOLD = Pattern.compile("\\*\\*([^*]+)\\*\\*");
    private static final Pattern LINK = Pattern.compile("\\[([^\\]]+)\\]\\(([^)\\s]+)\\)");

    private HtmlPage() {}

    static String of(String title, List<Block> blocks) {
        return HEAD.formatted(escape(title))
                + blocks.stream().map(HtmlPage::text).collect(Collectors.joining("\n"))
                + "\n</main>\n</body>\n</html>\n";
    }

    private static String text(Block block) {
        if (block instanceof Block.Heading heading) {
            return "<h%1$d>%2$s</h%1$d>".formatted(heading.level(), inline(heading.text()));
        } else if (block instanceof Block.Text text) {
            return "<p>" + inline(text.text()) + "</p>";
        } else if (block instanceof Block.Items items) {
            return items.items().stream()
                    .map(item -> "<li>" + inline(item) + "</li>")
                    .collect(Collectors.joining("\n", "<ul>\n", "\n</ul>"));
        } else if (block instanceof Block.Table table) {
            return table(table);
        } else if (block instanceof Block.Code code) {
            return "<pre>" + escape(code.text()) + "</pre>";
        } else if (block instanceof Block.Bars bars) {
            return Pictures.bars(bars);
        }
        return Pictures.curves((Block.Curves) block);
    }

    private static String table(Block.Table table) {
        String head = table.head().stream()
                .map(cell -> "<th scope=\"col\">" + inline(cell) + "</th>")
                .collect(Collectors.joining());
        String rows = table.rows().stream().map(HtmlPage::row).collect(Collectors.joining("\n"));
        return "<div class=\"scroll\"><table>\n<thead><tr>" + head + "</tr></thead>\n<tbody>\n" + rows
                + "\n</tbody>\n</table></div>";
    }

    private static String row(List<String> cells) {
        StringBuilder row = new StringBuilder("<tr>");
        for (int i = 0; i < cells.size(); i++) {
            boolean figure = i > 0 && cells.get(i).matches("-?\\d.*");
            row.append(i == 0 ? "<th scope=\"row\">" : figure ? "<td class=\"figure\">" : "<td>")
                    .append(inline(cells.get(i)))
                    .append(i == 0 ? "</th>" : "</td>");
        }
        return row.append("</tr>").toString();
    }

    /** Escaped first, so that what is marked up is the text's own. */
    private static String inline(String text) {
        String html = CODE.matcher(escape(text)).replaceAll("<code>$1</code>");
        html = BOLD.matcher(html).replaceAll("<strong>$1</strong>");
        return LINK.matcher(html).replaceAll("<a href=\"$2\">$1</a>");
    }

    static String escape(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }

    private static final String HEAD = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%s</title>
            <style>
            :root{color-scheme:light dark;--bg:#fff;--ink:#1b2330;--soft:#566173;--line:#d9dee7;--code:#f2f4f8;--ours:#1f5fbf;--other:#a9b4c4;
            --c0:#1f5fbf;--c1:#b3261e;--c2:#17693a;--c3:#7a3fb0;--c4:#8a5a00;--c5:#0b7285}
            @media (prefers-color-scheme:dark){:root{--bg:#10151d;--ink:#e4e8ef;--soft:#a3aec0;--line:#303a4a;--code:#1c2430;--ours:#82b1ff;--other:#566173;
            --c0:#82b1ff;--c1:#ff9a91;--c2:#6fd096;--c3:#cfa3ff;--c4:#f0c265;--c5:#66d3e0}}
            *{box-sizing:border-box}
            body{margin:0;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
            main{max-width:960px;margin:0 auto;padding:1rem 1.25rem 3rem}
            h1{font-size:1.9rem;line-height:1.2}h2{margin-top:2.4rem;padding-top:.6rem;border-top:1px solid var(--line)}h3{margin-bottom:.3rem}
            code,pre{font-family:ui-monospace,Menlo,Consolas,"DejaVu Sans Mono",monospace;background:var(--code);border-radius:4px}
            code{font-size:.9em;padding:.1em .3em}pre{padding:.7rem .9rem;overflow-x:auto}a{color:var(--ours)}
            .scroll{overflow-x:auto}table{border-collapse:collapse;font-size:.92rem;margin:.6rem 0}
            th,td{text-align:left;vertical-align:top;padding:.3rem .9rem .3rem 0;border-bottom:1px solid var(--line)}
            thead th{color:var(--soft)}tbody th{font-weight:400}td.figure{font-variant-numeric:tabular-nums;white-space:nowrap}
            svg{display:block;width:100%%;height:auto;margin:.8rem 0}svg text{font:13px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;fill:var(--ink)}
            svg .soft{fill:var(--soft)}svg .title{font-weight:600}svg .ours{fill:var(--ours)}svg .other{fill:var(--other)}svg .grid{stroke:var(--line)}
            svg .linear{stroke:var(--soft);stroke-dasharray:5 5;fill:none}svg .curve{fill:none;stroke-width:2.2}
            </style>
            </head>
            <body>
            <main>
            """;
}
