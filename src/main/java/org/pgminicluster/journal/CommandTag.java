package org.pgminicluster.journal;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apiguardian.api.API;
import org.pgminicluster.script.Statements;

/**
 * What psql prints when a statement was carried out.
 *
 * @see <a href="https://www.postgresql.org/docs/13/protocol-message-formats.html">CommandComplete</a>
 */
@API(status = API.Status.INTERNAL)
public final class CommandTag {

    private static final Pattern MODIFIERS = Pattern.compile(
            " (OR REPLACE|GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|UNIQUE|CONSTRAINT|RECURSIVE|TRUSTED|PROCEDURAL)(?= )");

    /** The first words of objects that are named by two. */
    private static final Set<String> TWO_WORDS = Set.of("ACCESS", "DEFAULT", "EVENT", "FOREIGN", "MATERIALIZED");

    private CommandTag() {}

    /** The tag of a statement that touched that many rows. */
    public static String of(String sql, long count) {
        String plain = Statements.withoutCommentBefore(sql).toUpperCase(Locale.ROOT);
        String[] words = MODIFIERS
                .matcher(plain.replaceAll("[\\s(;]+", " "))
                .replaceAll("")
                .split(" ");
        String first = words[0];
        return switch (first) {
            case "INSERT" -> "INSERT 0 " + count;
            case "UPDATE", "DELETE", "COPY", "MERGE" -> first + " " + count;
            case "TRUNCATE" -> "TRUNCATE TABLE";
            case "CREATE", "ALTER", "DROP" -> first + object(words);
            case "\\PASSWORD" -> "";
            default -> first;
        };
    }

    private static String object(String[] words) {
        if (words.length < 2) {
            return "";
        }
        return " " + words[1] + (words.length > 2 && TWO_WORDS.contains(words[1]) ? " " + words[2] : "");
    }
}
