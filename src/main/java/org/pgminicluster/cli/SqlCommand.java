package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.script.Statements;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Statements on a node, or all nodes: one that is given, a file of them, or those that somebody types. */
@Command(
        name = "sql",
        description = "Execute SQL on a node, or type it in psql.",
        footer = {
            "%nWhat is executed is in the journal, and so in the report; results only with -c.",
            "A file, and what comes by a pipe, ends at the first statement that fails."
        })
final class SqlCommand implements Callable<Integer> {

    private final Context context;

    @Parameters(paramLabel = "NODE", description = "Such as vm1, or all with -c or -f.")
    private String node = "";

    @Option(names = "-c", paramLabel = "SQL", description = "Execute this and return.")
    private @Nullable String sql;

    @Option(names = "-f", paramLabel = "FILE", description = "Execute the statements of a file and return.")
    private @Nullable Path file;

    @Option(
            names = {"-d", "--database"},
            paramLabel = "NAME",
            description = "Another database than the cluster's own.")
    private String database = "";

    @Option(names = "--no-psql", description = "Do not use psql, even if it is installed.")
    private boolean noPsql;

    @Option(names = "--json", description = "The result as JSON; with -c or -f.")
    private boolean json;

    SqlCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (sql != null && file != null) {
            throw CommandException.usage("expected either -c or -f, but was both; give them one after the other");
        }
        if (sql == null && file == null && (json || node.equals(QueryCommand.ALL))) {
            throw CommandException.usage(
                    "expected -c or -f with " + (json ? "--json" : QueryCommand.ALL) + ", but was neither");
        }
        @Nullable String text = file == null ? sql : read(file);
        try (DaemonClient daemon = DaemonClient.connect(context)) {
            List<String> nodes = node.equals(QueryCommand.ALL) ? daemon.state().nodes() : List.of(node(daemon));
            if (text == null) {
                return type(daemon, nodes.get(0));
            }
            int exit = Exit.OK;
            for (String each : nodes) {
                exit = Math.max(exit, execute(daemon, each, text));
            }
            return exit;
        }
    }

    /** Also the server that the cluster does not know of. */
    private String node(DaemonClient daemon) {
        return node.equals(BesideServer.NAME) ? node : daemon.node(node);
    }

    private int execute(DaemonClient daemon, String each, String text) {
        Optional<Path> psql = psql();
        if (file != null && !json && psql.isPresent()) {
            return new Psql(context, psql.get()).execute(address(daemon, each), file.toString());
        }
        if (file == null && PlainSql.isCommand(text) && !json && psql.isPresent()) {
            return new Psql(context, psql.get()).executeCommand(address(daemon, each), text.strip());
        }
        PlainSql.require(text);
        // As psql does: what is given by -c is sent at once, a file statement by statement up to the first that fails.
        int exit = Exit.OK;
        for (String message : file == null ? List.of(text) : Statements.split(text)) {
            if (exit == Exit.OK) {
                exit = daemon.send(QueryCommand.line(each, database, message, json));
            }
        }
        return exit;
    }

    private int type(DaemonClient daemon, String each) {
        Optional<Path> psql = psql();
        if (psql.isEmpty()) {
            return new SqlLoop(context.terminal(), daemon, each, database).run();
        }
        Psql found = new Psql(context, psql.get());
        return context.terminal().isTypedIn()
                ? found.type(address(daemon, each))
                : found.execute(address(daemon, each), Psql.STANDARD_INPUT);
    }

    private Optional<Path> psql() {
        return noPsql ? Optional.empty() : Programs.find("psql");
    }

    private RunningCluster.Address address(DaemonClient daemon, String node) {
        for (RunningCluster.Address address : daemon.ask(RunningCluster.Address[].class, AddressesCommand.NAME)) {
            if (address.node().equals(node) && address.running()) {
                return database.isEmpty() ? address : address.in(database);
            }
        }
        throw CommandException.inconclusive("expected " + node + " to be running when psql connects to it, but was"
                + " down; minicluster fault start " + node + " first");
    }

    private static String read(Path file) {
        try {
            return Utf8.read(file.toString(), Files.readAllBytes(file), 1);
        } catch (IOException e) {
            String why = !Files.exists(file)
                    ? "there is none"
                    : "was " + (Files.isDirectory(file) ? "a directory" : "not (" + e.getMessage() + ")");
            throw CommandException.usage("expected " + file + " to be a readable file, but " + why);
        }
    }
}
