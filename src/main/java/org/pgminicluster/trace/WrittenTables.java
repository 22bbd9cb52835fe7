package org.pgminicluster.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.script.Statements;

/**
 * Follows the statements of one session to know which tables a transaction has written when it is committed. It reads
 * only what a person would see at a glance: what functions, rules and {@code WITH} queries write, it does not know.
 */
final class WrittenTables {

    private static final String NAME = "((?:\"[^\"]+\"|[\\w$]+)(?:\\.(?:\"[^\"]+\"|[\\w$]+))?)";
    private static final Pattern WRITE = Pattern.compile(
            "\\A\\s*(INSERT)\\s+INTO\\s+" + NAME + "|\\A\\s*(UPDATE|TRUNCATE)\\s+(?:TABLE\\s+)?(?:ONLY\\s+)?" + NAME
                    + "|\\A\\s*(DELETE)\\s+FROM\\s+(?:ONLY\\s+)?" + NAME + "|\\A\\s*(COPY)\\s+" + NAME
                    + "[^;]*\\bFROM\\b",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern PREPARE =
            Pattern.compile("\\s*PREPARE\\s+TRANSACTION\\b.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final Pattern CHAIN =
            Pattern.compile(".*\\bAND\\s+CHAIN\\s*;?\\s*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** What was committed. */
    record Written(String operation, List<String> tables) {}

    private final List<String> tables = new ArrayList<>();
    private String operation = "";
    private boolean open;
    /** Whether another transaction begins with the end of the last one. */
    private boolean chained;

    /** Takes a statement that was carried out; what it has committed, or null if nothing. */
    @Nullable
    Written carriedOut(String sql) {
        for (String statement : Statements.split(sql)) {
            take(Statements.withoutCommentBefore(statement));
        }
        if (open) {
            return null;
        }
        open = chained;
        chained = false;
        if (tables.isEmpty()) {
            return null;
        }
        Written written = new Written(operation, List.copyOf(tables));
        tables.clear();
        return written;
    }

    private void take(String statement) {
        String first = statement.strip().split("\\s+", 2)[0].toUpperCase(Locale.ROOT);
        switch (first) {
            case "BEGIN", "START" -> open = true;
            case "COMMIT", "END" -> end(statement);
            case "ROLLBACK", "ABORT" -> {
                // ROLLBACK TO keeps what came before the savepoint, and the transaction.
                if (!statement
                        .toUpperCase(Locale.ROOT)
                        .matches("(?s)\\s*ROLLBACK\\s+(WORK\\s+|TRANSACTION\\s+)?TO\\b.*")) {
                    end(statement);
                    tables.clear();
                }
            }
            case "PREPARE" -> {
                // Any session may commit it, or none.
                if (PREPARE.matcher(statement).matches()) {
                    open = false;
                    tables.clear();
                }
            }
            default -> write(statement);
        }
    }

    private void end(String statement) {
        open = false;
        chained = CHAIN.matcher(statement).matches();
    }

    private void write(String statement) {
        Matcher write = WRITE.matcher(statement);
        if (!write.find()) {
            return;
        }
        for (int group = 1; group < write.groupCount(); group += 2) {
            if (write.group(group) != null) {
                if (tables.isEmpty()) {
                    operation = write.group(group).toUpperCase(Locale.ROOT);
                }
                String table = plain(write.group(group + 1));
                if (!tables.contains(table)) {
                    tables.add(table);
                }
            }
        }
    }

    private static String plain(String name) {
        String plain = name.contains("\"") ? name.replace("\"", "") : name.toLowerCase(Locale.ROOT);
        return plain.startsWith("public.") ? plain.substring("public.".length()) : plain;
    }
}
