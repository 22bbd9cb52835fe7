package org.pgminicluster.script;

import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;

/**
 * A text's statements, told apart the way psql does: a semicolon ends one, but not in quotes, comments, parentheses, or
 * the {@code BEGIN ATOMIC} body of a function. Comments stay with the statement that they stand before.
 *
 * @param ended those that a semicolon ends, without it
 * @param rest what follows the last of those, as it is: a quote or a comment in it may still be open
 * @see <a href="https://www.postgresql.org/docs/13/sql-syntax-lexical.html">Lexical Structure</a>
 */
@API(status = API.Status.INTERNAL)
public record Statements(List<String> ended, String rest) {

    public Statements {
        ended = List.copyOf(ended);
    }

    /** Those of a text that may not be at its end yet. */
    public static Statements of(String text) {
        StatementScanner scanner = new StatementScanner(text, false);
        List<String> ended = new ArrayList<>();
        while (scanner.next() == StatementScanner.Stop.SEMICOLON) {
            if (!scanner.saysNothing()) {
                ended.add(text.substring(scanner.start(), scanner.end()).strip());
            }
        }
        return new Statements(ended, text.substring(scanner.start()));
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
        StatementScanner scanner = new StatementScanner(text, false);
        while (scanner.next() == StatementScanner.Stop.SEMICOLON) {
            if (!scanner.saysNothing()) {
                return false;
            }
        }
        return scanner.saysNothing() && scanner.open() == null;
    }

    /** From its first word on. */
    public static String withoutCommentBefore(String statement) {
        StatementScanner scanner = new StatementScanner(statement, false);
        scanner.next();
        return scanner.saysNothing() ? statement : statement.substring(scanner.first());
    }

    /** Whether it is a {@code COPY} whose rows follow it, or come in place of a result. */
    public static boolean copiesWithClient(String statement) {
        StatementScanner scanner = new StatementScanner(statement, false);
        scanner.next();
        return scanner.copy() != StatementScanner.Copy.NONE;
    }
}
