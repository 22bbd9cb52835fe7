package org.pgminicluster.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.backup.Backups;
import org.pgminicluster.backup.Dump;
import org.pgminicluster.cli.byhand.HandCommand;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.script.Sql;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Restores a dump into a database of its own, and compares what came of it with what there is. */
@Command(
        name = "restore",
        description = "Restore a dump into a database, and compare.",
        footer = {
            "%nSubscriptions stay out of it: they would take the slots of those that were",
            "dumped. So do rights, since a dump has no roles. Exits with 1 if the rows are",
            "not the same; they may have been written since."
        })
final class RestoreCommand implements ClusterCommand {

    private static final byte[] ARCHIVE = "PGDMP".getBytes(StandardCharsets.US_ASCII);
    private static final Pattern DUMPED = Pattern.compile("(?m)^; +dbname: (.+)$");

    /** What is restored into it would mix with what is there, or take the ground from under the server. */
    private static final List<String> NEVER = List.of("postgres", "template0", "template1");

    @Parameters(index = "0", paramLabel = "FILE", description = "What minicluster backup wrote.")
    private Path file = Path.of("");

    @Parameters(index = "1", paramLabel = FaultVerb.NODE, description = "Where to, such as vm1.")
    private String node = "";

    @Option(
            names = {"-d", "--database"},
            paramLabel = "NAME",
            description = "The database to make; NAME_restored if not said.")
    private String database = "";

    @Option(names = "--replace", description = "Drop the database first, if there is one of that name.")
    private boolean replace;

    @Option(names = "--compare", paramLabel = FaultVerb.NODE, description = "With whom; with NODE if not said.")
    private String other = "";

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Mixin
    private final Here here = new Here();

    @Override
    public List<String> sent(List<String> typed) {
        return Here.added(typed);
    }

    @Override
    public int run(ClusterSession session, Terminal terminal) {
        RunningCluster running = session.running();
        Node target = running.node(node);
        Node compared = other.isEmpty() ? target : running.node(other);
        Path source = here.resolve(file);
        requireDump(source);
        Printer printer = new Printer(terminal, json);
        synchronized (running.open()) {
            target.member().requireAwake("a dump is restored there");
            compared.member().requireAwake("what is restored is compared with it");
            Backups backups = running.cluster().backups();
            Dump dump = backups.load(source, Dump.Format.CUSTOM, target);
            String dumped;
            String name;
            try {
                dumped = dumped(target, dump);
                name = database.isEmpty() ? dumped + "_restored" : database;
                makeRoom(target, name, printer);
                restore(backups, dump, target.in(name), terminal);
            } finally {
                backups.discard(dump);
            }
            printer.typed(running.backupByHand(node).restore(file.toString(), name));
            List<RowsCompared> rows = RowsCompared.of(
                    target.in(name).member(), compared.in(dumped).member());
            if (rows.isEmpty()) {
                printer.line("There is no table in it.");
            } else {
                RowsCompared.lines(rows, name, compared.name(), terminal.width())
                        .forEach(printer::line);
            }
            printer.data(Map.of("node", node, "database", name, "comparedWith", compared.name(), "tables", rows));
            return rows.stream().allMatch(RowsCompared::same) ? Exit.OK : Exit.FAILED;
        }
    }

    private static void requireDump(Path source) {
        try {
            if (Files.isDirectory(source)) {
                throw CommandException.usage("expected FILE to be a dump that minicluster backup NODE has written, but"
                        + " was a directory; minicluster pitr start takes a base backup");
            }
            try (InputStream in = Files.newInputStream(source)) {
                if (!Arrays.equals(in.readNBytes(ARCHIVE.length), ARCHIVE)) {
                    throw CommandException.usage("expected FILE to be a dump that minicluster backup NODE has written,"
                            + " but was another file; a script of SQL is for minicluster sql NODE -f FILE");
                }
            }
        } catch (IOException e) {
            throw CommandException.usage("expected " + source + " to be a readable file, but "
                    + (Files.exists(source) ? "was not (" + e.getMessage() + ")" : "there is none"));
        }
    }

    private static String dumped(Node target, Dump dump) {
        String list = target.program(
                        "pg_restore", "--list", target.member().server().files() + "/" + dump.file())
                .output();
        Matcher name = DUMPED.matcher(list);
        return name.find() ? name.group(1) : target.database();
    }

    private void makeRoom(Node target, String name, Printer printer) {
        if (name.equals(target.database()) || NEVER.contains(name)) {
            throw CommandException.usage("expected the database to restore into to be one of its own, but was " + name
                    + "; name another with --database");
        }
        if (target.member()
                        .look("SELECT 1 FROM pg_database WHERE datname = ?", name)
                        .size()
                > 0) {
            if (!replace) {
                throw new MiniClusterException("expected " + node + " to have no database " + name
                        + ", but has one; name another with --database, or add --replace");
            }
            drop(target, name);
            printer.typed(HandCommand.sql(node, "DROP DATABASE " + Sql.identifier(name)));
        }
        String make = "CREATE DATABASE " + Sql.identifier(name);
        target.execute(make);
        printer.typed(HandCommand.sql(node, make));
    }

    private static void drop(Node target, String name) {
        target.in(name).member().disconnect();
        target.execute("DROP DATABASE " + Sql.identifier(name));
    }

    /** What is restored in part is worse than nothing. */
    private static void restore(Backups backups, Dump dump, Node into, Terminal terminal) {
        try {
            HalfMade.requireWanted(terminal);
            backups.restore(dump, into, "--no-subscriptions", "--no-privileges");
            HalfMade.requireWanted(terminal);
        } catch (RuntimeException e) {
            try {
                drop(into.in(into.cluster().topology().database()), into.database());
            } catch (MiniClusterException dropping) {
                e.addSuppressed(dropping);
            }
            throw e;
        }
    }
}
