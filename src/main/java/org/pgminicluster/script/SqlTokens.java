package org.pgminicluster.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The words, names, literals and symbols of one statement that stand in no parentheses. */
final class SqlTokens {

    private record Token(SqlLexer.Token kind, String text) {

        boolean isWord(String word) {
            return kind == SqlLexer.Token.WORD && text.equalsIgnoreCase(word);
        }
    }

    private final List<Token> tokens;

    private SqlTokens(List<Token> tokens) {
        this.tokens = tokens;
    }

    static SqlTokens of(String statement) {
        SqlLexer lexer = new SqlLexer(statement);
        List<Token> tokens = new ArrayList<>();
        int depth = 0;
        for (SqlLexer.Token kind = lexer.next(); kind != SqlLexer.Token.END; kind = lexer.next()) {
            boolean symbol = kind == SqlLexer.Token.SYMBOL;
            if (symbol && lexer.symbol() == ')') {
                depth--;
            }
            if (depth <= 0) {
                tokens.add(new Token(kind, lexer.token()));
            }
            if (symbol && lexer.symbol() == '(') {
                depth++;
            }
        }
        return new SqlTokens(tokens);
    }

    int size() {
        return tokens.size();
    }

    /** Whether that word, without quotes, stands there. */
    boolean hasWord(int at, String word) {
        return at < tokens.size() && tokens.get(at).isWord(word);
    }

    boolean hasComma(int at) {
        return at < tokens.size() && tokens.get(at).text.equals(",");
    }

    /** Where a word stands first from a place on, or -1 if it does not. */
    int find(String word, int from) {
        for (int i = from; i < tokens.size(); i++) {
            if (tokens.get(i).isWord(word)) {
                return i;
            }
        }
        return -1;
    }

    /** The name that stands there, as the catalog has it, or nothing if there is none. */
    String name(int at) {
        if (at < 0 || at >= tokens.size()) {
            return "";
        }
        Token token = tokens.get(at);
        String text = token.text;
        return switch (token.kind) {
            case WORD -> text.toLowerCase(Locale.ROOT);
            case NAME -> text.substring(1, Math.max(1, text.length() - 1)).replace("\"\"", "\"");
            case LITERAL -> text.substring(1, Math.max(1, text.length() - 1)).replace("''", "'");
            case SYMBOL, END -> "";
        };
    }
}
