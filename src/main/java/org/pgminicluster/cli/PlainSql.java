package org.pgminicluster.cli;

import org.pgminicluster.script.Statements;

/** Tells SQL that a server understands from what psql does itself. */
final class PlainSql {

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
            if (isCommand(Statements.withoutCommentBefore(statement)) || Statements.copiesWithClient(statement)) {
                throw CommandException.inconclusive(
                        "expected what is executed without psql to be SQL alone, but was \""
                                + statement.lines().findFirst().orElse("")
                                + "\", which is for psql; give it by -c if it begins with a backslash, else by -f, without"
                                + " --no-psql and --json, and install psql (Debian's package postgresql-client) if it is missing");
            }
        }
    }
}
