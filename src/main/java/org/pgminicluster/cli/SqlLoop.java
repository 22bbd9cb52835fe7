package org.pgminicluster.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import org.pgminicluster.script.Statements;

/**
 * Reads statements and shows their results, where no psql is installed. BEGIN holds until COMMIT, as in psql. What
 * nobody types ends at the first statement that fails, as a file does.
 */
final class SqlLoop {

    private final Terminal terminal;
    private final DaemonClient daemon;
    private final String node;
    private final String database;

    /** @param database empty for the cluster's own */
    SqlLoop(Terminal terminal, DaemonClient daemon, String node, String database) {
        this.terminal = terminal;
        this.daemon = daemon;
        this.node = node;
        this.database = database;
    }

    int run() {
        if (terminal.isTypedIn()) {
            terminal.out().println("Without psql: a statement ends with a semicolon; \\q ends this.");
        }
        InputStream in = new BufferedInputStream(terminal.in());
        String pending = "";
        int exit = Exit.OK;
        try {
            prompt(pending);
            int number = 1;
            for (byte[] line = readLine(in); line.length > 0; line = readLine(in)) {
                pending += Utf8.read("the standard input", line, number++);
                String typed = pending.strip();
                if (typed.equals("\\q") || typed.equals("exit")) {
                    return exit;
                }
                Statements split =
                        PlainSql.isCommand(typed) ? new Statements(List.of(typed), "") : Statements.of(pending);
                for (String statement : split.ended()) {
                    exit = Exit.worse(exit, execute(statement));
                    if (exit != Exit.OK && !terminal.isTypedIn()) {
                        return exit;
                    }
                }
                pending = Statements.saysNothing(split.rest()) ? "" : split.rest();
                prompt(pending);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Statements.saysNothing(pending) ? exit : Exit.worse(exit, execute(pending.strip()));
    }

    /** With the end of the line; nothing at the end. */
    private static byte[] readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int c = in.read(); c >= 0; c = in.read()) {
            line.write(c);
            if (c == '\n') {
                break;
            }
        }
        return line.toByteArray();
    }

    private int execute(String sql) {
        try {
            PlainSql.require(sql);
            return daemon.send(QueryCommand.line(node, database, sql, false));
        } catch (CommandException e) {
            terminal.out().println(e.getMessage());
            return e.exit();
        }
    }

    private void prompt(String statement) {
        if (terminal.isTypedIn()) {
            terminal.out().print(node + (statement.isEmpty() ? "=# " : "-# "));
            terminal.out().flush();
        }
    }
}
