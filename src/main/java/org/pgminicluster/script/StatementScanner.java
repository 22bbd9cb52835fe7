package org.pgminicluster.script;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds where statements end: at a semicolon, but not in parentheses or in the {@code BEGIN ATOMIC} body of a function; in
 * what is to be read as psql does, also where one of psql's own commands begins.
 */
final class StatementScanner {

    /** Why a statement ends. */
    enum Stop {
        SEMICOLON,
        BACKSLASH,
        END
    }

    /** Which way rows follow a statement. */
    enum Copy {
        NONE,
        IN,
        OUT
    }

    private static final Pattern STRINGS = Pattern.compile(
            "SET\\s+(?:SESSION\\s+|LOCAL\\s+)?standard_conforming_strings\\s*(?:=|\\bTO\\b)\\s*'?(\\w+)'?",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern ON = Pattern.compile("on|true|yes|1|default", Pattern.CASE_INSENSITIVE);

    private final String text;
    private final SqlLexer lexer;
    private final boolean forPsql;
    private int start;
    private int first;
    private int end;
    private int parentheses;
    private int parenthesis;
    private int blocks;
    private int block;
    private Copy copy = Copy.NONE;
    private String firstWord = "";
    private String lastWord = "";

    /** @param forPsql whether a backslash begins a command of psql, and is no symbol like any other */
    StatementScanner(String text, boolean forPsql) {
        this.text = text;
        this.lexer = new SqlLexer(text);
        this.forPsql = forPsql;
    }

    /** Reads one more statement, which may be empty. */
    Stop next() {
        start = lexer.end();
        first = -1;
        parentheses = 0;
        blocks = 0;
        copy = Copy.NONE;
        firstWord = "";
        lastWord = "";
        while (true) {
            SqlLexer.Token token = lexer.next();
            end = lexer.start();
            if (token == SqlLexer.Token.END) {
                return Stop.END;
            }
            if (token == SqlLexer.Token.SYMBOL && forPsql && lexer.symbol() == '\\') {
                return Stop.BACKSLASH;
            }
            if (token == SqlLexer.Token.SYMBOL && lexer.symbol() == ';' && parentheses == 0 && blocks == 0) {
                follow();
                return Stop.SEMICOLON;
            }
            if (first < 0) {
                first = end;
            }
            if (token == SqlLexer.Token.WORD) {
                word(lexer.word());
            } else {
                lastWord = "";
            }
            if (token == SqlLexer.Token.SYMBOL) {
                parenthesis(lexer.symbol());
            }
        }
    }

    private void parenthesis(char symbol) {
        if (symbol == '(') {
            if (parentheses == 0) {
                parenthesis = end;
            }
            parentheses++;
        } else if (symbol == ')' && parentheses > 0) {
            parentheses--;
        }
    }

    /** Only {@code BEGIN ATOMIC} opens a body, in which every {@code CASE} has an {@code END} of its own. */
    private void word(String word) {
        if (lastWord.equals("BEGIN") && word.equals("ATOMIC") || blocks > 0 && word.equals("CASE")) {
            block = blocks == 0 ? end : block;
            blocks++;
        } else if (blocks > 0 && word.equals("END")) {
            blocks--;
        } else if (parentheses == 0 && firstWord.equals("COPY")) {
            if (lastWord.equals("FROM") && word.equals("STDIN")) {
                copy = Copy.IN;
            } else if (lastWord.equals("TO") && word.equals("STDOUT")) {
                copy = Copy.OUT;
            }
        }
        firstWord = firstWord.isEmpty() && first == end ? word : firstWord;
        lastWord = word;
    }

    /** What literals mean hangs on what was set before. */
    private void follow() {
        if (firstWord.equals("SET")) {
            var set = STRINGS.matcher(statement());
            if (set.matches()) {
                lexer.plainBackslash(ON.matcher(set.group(1)).matches());
            }
        }
    }

    void moveTo(int place) {
        lexer.moveTo(place);
    }

    /** Where the reading goes on. */
    int at() {
        return lexer.end();
    }

    /** Where the statement begins, with comments that stand before it. */
    int start() {
        return start;
    }

    /** Where its first word is, or -1 if it says nothing. */
    int first() {
        return first;
    }

    /** Where it has ended, without what ends it. */
    int end() {
        return end;
    }

    /** Whether it is blanks and comments alone. */
    boolean saysNothing() {
        return first < 0;
    }

    /** From its first word on. */
    String statement() {
        return saysNothing() ? "" : text.substring(first, end).strip();
    }

    /** Its first word in capital letters, or nothing if it begins with something else. */
    String firstWord() {
        return firstWord;
    }

    Copy copy() {
        return copy;
    }

    /** What is still open where the text ends. */
    SqlLexer.@Nullable Open open() {
        if (lexer.open() != null) {
            return lexer.open();
        }
        if (blocks > 0) {
            return new SqlLexer.Open("body of a function", block, "END");
        }
        return parentheses > 0 ? new SqlLexer.Open("parenthesis", parenthesis, ")") : null;
    }
}
