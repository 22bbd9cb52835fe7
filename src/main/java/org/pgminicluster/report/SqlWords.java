package org.pgminicluster.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lets the words of SQL stand out a little; what is not recognised is shown as it is. */
final class SqlWords {

    private static final int LONGEST = 4000;
    private static final Pattern PARTS =
            Pattern.compile("('(?:[^']|'')*')|(--[^\\n]*)|\\b(ADD|ALL|ALTER|AND|AS|BEFORE|BEGIN|BY|CASCADE|"
                    + "CHECK|COMMIT|CONNECTION|COPY|CREATE|DELETE|DISABLE|DROP|EACH|ENABLE|END|EXECUTE|EXISTS|FOR|FROM|FUNCTION|"
                    + "GRANT|GROUP|IN|INSERT|INTO|IS|JOIN|KEY|LANGUAGE|LEFT|LOGIN|NOT|NULL|ON|OR|ORDER|PRIMARY|PUBLICATION|"
                    + "RAISE|REFRESH|REPLICATION|RETURNS|REVOKE|ROLE|ROLLBACK|SELECT|SET|STATEMENT|SUBSCRIPTION|TABLE|TO|TRIGGER|"
                    + "TRUNCATE|UPDATE|USING|VALUES|WHERE|WITH)\\b");

    private SqlWords() {}

    static String html(String sql) {
        if (sql.length() > LONGEST) {
            return Html.escape(sql);
        }
        StringBuilder html = new StringBuilder();
        Matcher part = PARTS.matcher(sql);
        int at = 0;
        while (part.find()) {
            html.append(Html.escape(sql.substring(at, part.start())));
            String tag = part.group(1) != null ? "q" : part.group(2) != null ? "c" : "k";
            html.append("<span class=\"").append(tag).append("\">");
            html.append(Html.escape(part.group())).append("</span>");
            at = part.end();
        }
        return html.append(Html.escape(sql.substring(at))).toString();
    }
}
