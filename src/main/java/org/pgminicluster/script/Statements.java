package org.pgminicluster.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text's statements, told apart the way psql does: a semicolon ends one, but not in quotes, comments, parentheses, or
 * the {@code BEGIN ATOMIC} body of a function. Comments stay with the statement that they stand before.
 *
 * @param ended those that a semicolon ends, without it
 * @param rest what follows the last of those, as it is: a quote or a comment in it may still be open
 * @see <a href="https://www.postgresql.org/docs/13/sql-syntax-lexical.html">Lexical Structure</a>
 */
public record Statements(List<String> ended, String rest) {

    /** What begins at a place and holds no semicolon of ours; possessive, since a body may be long. */
    private static final Pattern TOKEN = Pattern.compile(
            "(?<comment>--[^\\n]*+|/\\*)"
                    + "|(?<quoted>(?:[eE]'(?:[^'\\\\]|\\\\.|'')*+|'[^']*+)(?:'|\\z)|\"[^\"]*+(?:\"|\\z))"
                    + "|(?<dollar>\\$(?:[\\p{L}_][\\p{L}\\p{N}_]*+)?+\\$)"
                    + "|(?<word>[\\p{L}_][\\p{L}\\p{N}_$]*+)"
                    + "|(?<space>\\s++)",
            Pattern.DOTALL);

    private static final Pattern COMMENT_EDGE = Pattern.compile("/\\*|\\*/");

    public Statements {
        ended = List.copyOf(ended);
    }

    /** Those of a text that may not be at its end yet. */
    public static Statements of(String text) {
        return new Scan(text).read();
    }

    /** All statements, without their semicolons, the last one whether it has one or not. */
    public static List<String> split(String script) {
        Statements statements = of(script);
        if (saysNothing(statements.rest)) {
            return statements.ended;
        }
        List<String> all = new ArrayList<>(statements.ended);
        all.add(statements.rest.strip());
        return List.copyOf(all);
    }

    /** Whether it is blanks, comments and semicolons alone, for which a server has no answer. */
    public static boolean saysNothing(String text) {
        Scan scan = new Scan(text);
        return scan.read().ended.isEmpty() && scan.empty;
    }

    /** From its first word on. */
    public static String withoutCommentBefore(String statement) {
        Scan scan = new Scan(statement);
        scan.read();
        return statement.substring(scan.first);
    }

    private static final class Scan {
        private final String script;
        private final List<String> ended = new ArrayList<>();
        private int start;
        private int first;
        private int parentheses;
        private int blocks;
        private boolean begun;
        private boolean empty = true;

        Scan(String script) {
            this.script = script;
        }

        Statements read() {
            Matcher token = TOKEN.matcher(script);
            int at = 0;
            while (at < script.length()) {
                token.region(at, script.length());
                if (!token.lookingAt()) {
                    symbol(at);
                    at++;
                } else if (token.group("comment") != null) {
                    at = token.group().equals("/*") ? endOfComment(at) : token.end();
                } else if (token.group("space") != null) {
                    at = token.end();
                } else {
                    says(at);
                    if (token.group("word") != null) {
                        word(token.group().toUpperCase(Locale.ROOT));
                    }
                    at = token.group("dollar") != null ? endOfDollarQuote(token.group(), at) : token.end();
                }
            }
            return new Statements(ended, script.substring(start));
        }

        private void says(int at) {
            if (empty) {
                first = at;
            }
            empty = false;
        }

        private void symbol(int at) {
            char symbol = script.charAt(at);
            if (symbol == ';' && parentheses == 0 && blocks == 0) {
                end(at);
                return;
            }
            says(at);
            begun = false;
            if (symbol == '(') {
                parentheses++;
            } else if (symbol == ')' && parentheses > 0) {
                parentheses--;
            }
        }

        /** Only {@code BEGIN ATOMIC} opens a body, in which every {@code CASE} has an {@code END} of its own. */
        private void word(String word) {
            if (begun && word.equals("ATOMIC") || blocks > 0 && word.equals("CASE")) {
                blocks++;
            } else if (blocks > 0 && word.equals("END")) {
                blocks--;
            }
            begun = word.equals("BEGIN");
        }

        private void end(int at) {
            if (!empty) {
                ended.add(script.substring(start, at).strip());
            }
            start = at + 1;
            empty = true;
            begun = false;
        }

        private int endOfDollarQuote(String tag, int at) {
            int end = script.indexOf(tag, at + tag.length());
            return end < 0 ? script.length() : end + tag.length();
        }

        /** Comments of this kind can be nested. */
        private int endOfComment(int at) {
            Matcher edge = COMMENT_EDGE.matcher(script);
            int depth = 0;
            for (int from = at; edge.find(from); from = edge.end()) {
                depth += edge.group().equals("/*") ? 1 : -1;
                if (depth == 0) {
                    return edge.end();
                }
            }
            return script.length();
        }
    }
}
