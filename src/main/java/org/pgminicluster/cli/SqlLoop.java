package org.pgminicluster.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Reads statements and shows their results, where no psql is installed. BEGIN holds until COMMIT, as in psql. */
final class SqlLoop {

    private final Terminal terminal;
    private final KeeperClient keeper;
    private final String node;

    SqlLoop(Terminal terminal, KeeperClient keeper, String node) {
        this.terminal = terminal;
        this.keeper = keeper;
        this.node = node;
    }

    int run() {
        terminal.out().println("No psql here. A statement ends with a semicolon at the end of a line; \\q ends this.");
        BufferedReader in = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
        StringBuilder statement = new StringBuilder();
        int exit = Exit.OK;
        try {
            prompt(statement);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (statement.isEmpty()
                        && (line.strip().equals("\\q") || line.strip().equals("exit"))) {
                    return exit;
                }
                statement.append(statement.isEmpty() ? "" : "\n").append(line);
                if (statement.toString().stripTrailing().endsWith(";")) {
                    exit = execute(statement.toString().strip());
                    statement.setLength(0);
                } else if (statement.toString().isBlank()) {
                    statement.setLength(0);
                }
                prompt(statement);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (!statement.isEmpty()) {
            exit = execute(statement.toString().strip());
        }
        return exit;
    }

    private int execute(String sql) {
        try {
            return keeper.send("sql", List.of(node, sql), Map.of(), Replies.printer(false, terminal));
        } catch (CommandException e) {
            terminal.out().println(e.getMessage());
            return e.exit();
        }
    }

    private void prompt(StringBuilder statement) {
        if (terminal.isAttached()) {
            terminal.out().print(node + (statement.isEmpty() ? "=# " : "-# "));
            terminal.out().flush();
        }
    }
}
