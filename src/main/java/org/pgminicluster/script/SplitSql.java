package org.pgminicluster.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where one statement ends and the next begins, by psql's rules: at a semicolon that is in no quotes, comment,
 * parentheses or body of a routine.
 *
 * @param statements those that a semicolon ends, without it
 * @param rest what follows the last semicolon, as it is: a text in it may still be open
 * @see <a href="https://www.postgresql.org/docs/13/sql-syntax-lexical.html">Lexical Structure</a>
 */
public record SplitSql(List<String> statements, String rest) {

    private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*+");
    private static final Pattern DOLLARS = Pattern.compile("\\$(?:[\\p{L}_][\\p{L}\\p{N}_]*+)?\\$");
    private static final Pattern BLANK = Pattern.compile("(?:\\s++|--[^\\n]*+|(?s:/\\*.*?\\*/))*+");
    private static final Pattern ROUTINE = Pattern.compile("CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)\\b.*");

    public SplitSql {
        statements = List.copyOf(statements);
    }

    public static SplitSql of(String text) {
        return new Scan(text).split();
    }

    /** All statements, the last one whether a semicolon ends it or not. */
    public static List<String> all(String text) {
        SplitSql split = of(text);
        List<String> all = new ArrayList<>(split.statements());
        all.add(split.rest().strip());
        all.removeIf(SplitSql::saysNothing);
        return List.copyOf(all);
    }

    /** Whether it is blanks and comments alone, for which a server has no answer. */
    public static boolean saysNothing(String text) {
        return BLANK.matcher(text).matches();
    }

    private static final class Scan {
        private final String text;
        private final Matcher word;
        private final Matcher dollars;
        private final List<String> statements = new ArrayList<>();
        private final List<String> words = new ArrayList<>();
        private int at;
        private int start;
        private int parentheses;
        private int bodies;

        Scan(String text) {
            this.text = text;
            this.word = WORD.matcher(text);
            this.dollars = DOLLARS.matcher(text);
        }

        SplitSql split() {
            while (at < text.length()) {
                char c = text.charAt(at);
                if (c == '\'' || c == '"') {
                    // A doubled quote is two texts side by side, which comes to the same.
                    at = after(String.valueOf(c), at + 1);
                } else if (text.startsWith("--", at)) {
                    at = after("\n", at);
                } else if (text.startsWith("/*", at)) {
                    at = afterComment();
                } else if (dollars.region(at, text.length()).lookingAt()) {
                    at = after(dollars.group(), dollars.end());
                } else if (word.region(at, text.length()).lookingAt()) {
                    at = word.end();
                    if (word.group().equalsIgnoreCase("E") && text.startsWith("'", at)) {
                        at = afterEscapes();
                    } else {
                        word(word.group().toUpperCase(Locale.ROOT));
                    }
                } else {
                    at++;
                    sign(c);
                }
            }
            return new SplitSql(statements, text.substring(start));
        }

        private void sign(char c) {
            parentheses = Math.max(0, parentheses + (c == '(' ? 1 : c == ')' ? -1 : 0));
            if (c == ';' && parentheses == 0 && bodies == 0) {
                statements.add(text.substring(start, at - 1).strip());
                start = at;
                words.clear();
            }
        }

        /** What is never closed reaches to the end. */
        private int after(String end, int from) {
            int found = text.indexOf(end, from);
            return found < 0 ? text.length() : found + end.length();
        }

        private int afterEscapes() {
            int i = at + 1;
            while (i < text.length() && text.charAt(i) != '\'') {
                i += text.charAt(i) == '\\' ? 2 : 1;
            }
            return Math.min(text.length(), i + 1);
        }

        /** Only in a routine's definition does BEGIN begin a body: alone it begins a transaction. */
        private void word(String word) {
            if (words.size() < 4) {
                words.add(word);
            }
            if (!ROUTINE.matcher(String.join(" ", words)).matches()) {
                return;
            }
            if (word.equals("BEGIN") || word.equals("CASE") && bodies > 0) {
                bodies++;
            } else if (word.equals("END") && bodies > 0) {
                bodies--;
            }
        }

        /** They nest. */
        private int afterComment() {
            int depth = 0;
            for (int i = at; i < text.length() - 1; i++) {
                if (text.startsWith("/*", i)) {
                    depth++;
                    i++;
                } else if (text.startsWith("*/", i)) {
                    depth--;
                    i++;
                    if (depth == 0) {
                        return i + 1;
                    }
                }
            }
            return text.length();
        }
    }
}
