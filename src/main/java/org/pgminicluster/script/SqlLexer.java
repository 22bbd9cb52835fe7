package org.pgminicluster.script;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The one reader of SQL: it tells words, names, literals and symbols apart as psql's own lexer does, and passes over blanks
 * and comments.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-syntax-lexical.html">Lexical Structure</a>
 */
final class SqlLexer {

    /** What there is to read. */
    enum Token {
        /** A keyword or a name without quotes. */
        WORD,
        /** A name in quotes. */
        NAME,
        /** A literal of any kind. */
        LITERAL,
        /** Any other character. */
        SYMBOL,
        END
    }

    /** What begins at a place, has not ended where the text does, and what would end it. */
    record Open(String what, int at, String end) {}

    private static final String BLANKS = " \t\n\r\f\u000B";

    private final String text;
    private int at;
    private int start;
    private boolean plainBackslash = true;
    private @Nullable Open open;

    SqlLexer(String text) {
        this.text = text;
    }

    /** Whether a backslash in a literal without E is a character like any other, as the standard has it. */
    void plainBackslash(boolean plain) {
        plainBackslash = plain;
    }

    /** Goes on from there. */
    void moveTo(int place) {
        at = place;
    }

    /** Where the last token begins; at the end, where the text ends. */
    int start() {
        return start;
    }

    /** Where the last token has ended. */
    int end() {
        return at;
    }

    char symbol() {
        return text.charAt(start);
    }

    /** The last token as it is written. */
    String token() {
        return text.substring(start, at);
    }

    /** The last token, a word, in capital letters. */
    String word() {
        return token().toUpperCase(Locale.ROOT);
    }

    /** A literal, quoted name or comment that is not closed; it reaches to the end. */
    @Nullable
    Open open() {
        return open;
    }

    Token next() {
        skipBlanksAndComments();
        start = at;
        if (at == text.length()) {
            return Token.END;
        }
        char c = text.charAt(at);
        if (c == '\'') {
            literal(!plainBackslash);
            return Token.LITERAL;
        }
        if (c == '"') {
            do {
                at = close("quoted name", "\"", at + 1);
            } while (open == null && isAt('"'));
            return Token.NAME;
        }
        if (c == '$') {
            return dollar();
        }
        if (beginsWord(c)) {
            return word(c);
        }
        at++;
        return Token.SYMBOL;
    }

    private void skipBlanksAndComments() {
        while (at < text.length()) {
            if (BLANKS.indexOf(text.charAt(at)) >= 0) {
                at++;
            } else if (text.startsWith("--", at)) {
                while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                    at++;
                }
            } else if (text.startsWith("/*", at)) {
                comment();
            } else {
                return;
            }
        }
    }

    /** Comments of this kind can be nested. */
    private void comment() {
        int begin = at;
        int depth = 0;
        do {
            if (text.startsWith("/*", at)) {
                depth++;
                at += 2;
            } else if (text.startsWith("*/", at)) {
                depth--;
                at += 2;
            } else if (at == text.length()) {
                open = new Open("comment", begin, "*/");
                return;
            } else {
                at++;
            }
        } while (depth > 0);
    }

    private Token word(char first) {
        int end = at + 1;
        while (end < text.length() && (beginsWord(text.charAt(end)) || isDigitOrDollar(text.charAt(end)))) {
            end++;
        }
        boolean quoteFollows = end < text.length() && text.charAt(end) == '\'';
        if (quoteFollows && end == at + 1 && (first == 'e' || first == 'E')) {
            at = end;
            literal(true);
            return Token.LITERAL;
        }
        at = end;
        return Token.WORD;
    }

    private static boolean beginsWord(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c >= 0x80;
    }

    private static boolean isDigitOrDollar(char c) {
        return c >= '0' && c <= '9' || c == '$';
    }

    /** From its quote on. After a line break it may go on in further quotes, which are of the same kind. */
    private void literal(boolean backslashEscapes) {
        int quote = at;
        do {
            at++;
            if (backslashEscapes) {
                endOfEscapes(quote);
            } else {
                at = close("literal", "'", at);
            }
        } while (open == null && goesOn(backslashEscapes));
    }

    private void endOfEscapes(int quote) {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\'') {
                return;
            }
            if (c == '\\' && at < text.length()) {
                at++;
            }
        }
        open = new Open("literal", quote, "'");
    }

    private boolean isAt(char c) {
        return at < text.length() && text.charAt(at) == c;
    }

    /** A quote that is doubled ends and begins again; so does one on another line, which matters for escapes alone. */
    private boolean goesOn(boolean backslashEscapes) {
        if (isAt('\'') || !backslashEscapes) {
            return isAt('\'');
        }
        int before = at;
        skipBlanksAndComments();
        boolean continued =
                open == null && isAt('\'') && text.substring(before, at).contains("\n");
        if (!continued && open == null) {
            at = before;
        }
        return continued;
    }

    /** A dollar quote, or a parameter such as $1, or a lone symbol. */
    private Token dollar() {
        int end = at + 1;
        while (end < text.length() && isOfTag(text.charAt(end), end == at + 1)) {
            end++;
        }
        if (end < text.length() && text.charAt(end) == '$') {
            String tag = text.substring(at, end + 1);
            at = close("text in dollar quotes", tag, end + 1);
            return Token.LITERAL;
        }
        at++;
        while (at < text.length() && Character.isDigit(text.charAt(at))) {
            at++;
        }
        return Token.SYMBOL;
    }

    private static boolean isOfTag(char c, boolean first) {
        return beginsWord(c) || !first && c >= '0' && c <= '9';
    }

    private int close(String what, String end, int from) {
        int found = text.indexOf(end, from);
        if (found < 0) {
            open = new Open(what, start, end);
            return text.length();
        }
        return found + end.length();
    }
}
