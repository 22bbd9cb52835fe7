package org.pgminicluster.report;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a statement does to which table, as far as a glance shows. */
record Dml(String operation, String table) {

    private static final String NAME = "((?:\"[^\"]+\"|[\\w$]+)(?:\\.(?:\"[^\"]+\"|[\\w$]+))?)";
    private static final Pattern STATEMENT = Pattern.compile(
            "\\A\\s*(?:(INSERT)\\s+INTO|(UPDATE)(?:\\s+ONLY)?|(DELETE)\\s+FROM(?:\\s+ONLY)?|"
                    + "(TRUNCATE)(?:\\s+TABLE)?(?:\\s+ONLY)?|(COPY))\\s+" + NAME,
            Pattern.CASE_INSENSITIVE);
    private static final Pattern NO_ROW = Pattern.compile("\\bWHERE\\s+false\\b", Pattern.CASE_INSENSITIVE);
    private static final Pattern COPY_IN = Pattern.compile("\\bFROM\\s+STDIN\\b", Pattern.CASE_INSENSITIVE);

    static Optional<Dml> of(String sql) {
        Matcher found = STATEMENT.matcher(sql);
        if (!found.find()) {
            return Optional.empty();
        }
        for (int group = 1; group <= 5; group++) {
            if (found.group(group) != null) {
                String operation = found.group(group).toUpperCase(Locale.ROOT);
                if (operation.equals("COPY") && !COPY_IN.matcher(sql).find()) {
                    return Optional.empty();
                }
                boolean noRow =
                        operation.equals("UPDATE") && NO_ROW.matcher(sql).find();
                return Optional.of(new Dml(noRow ? "UPDATE … WHERE false" : operation, plain(found.group(6))));
            }
        }
        return Optional.empty();
    }

    private static String plain(String name) {
        String plain = name.contains("\"") ? name.replace("\"", "") : name.toLowerCase(Locale.ROOT);
        return plain.startsWith("public.") ? plain.substring("public.".length()) : plain;
    }
}
