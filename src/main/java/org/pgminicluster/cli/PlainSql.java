package org.pgminicluster.cli;

import java.util.regex.Pattern;
import org.pgminicluster.script.Statements;

/** Tells SQL that a server understands from what psql does itself. */
final class PlainSql {

    /** Something that psql does, or a COPY whose rows follow the statement, or come in place of a result. */
    private static final Pattern FOR_PSQL = Pattern.compile(
            "(?:\\\\|COPY\\b.*\\b(?:FROM\\s+STDIN|TO\\s+STDOUT)\\b).*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private PlainSql() {}

    /** Whether it begins with a backslash: then all of it is for psql. */
    static boolean isCommand(String text) {
        return text.stripLeading().startsWith("\\");
    }

    /**
     * @throws CommandException if psql is needed for it
     */
    static void require(String text) {
        for (String statement : Statements.split(text)) {
            if (FOR_PSQL.matcher(Statements.withoutCommentBefore(statement)).matches()) {
                throw CommandException.inconclusive(
                        "expected what is executed without psql to be SQL alone, but was \""
                                + statement.lines().findFirst().orElse("")
                                + "\", which is for psql; give it by -c if it begins with a backslash, else by -f, without"
                                + " --no-psql and --json, and install psql (Debian's package postgresql-client) if it is missing");
            }
        }
    }
}
