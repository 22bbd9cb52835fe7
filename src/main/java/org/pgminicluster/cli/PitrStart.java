package org.pgminicluster.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.backup.RecoveryTarget;
import org.pgminicluster.cli.PitrArchive.Archiving;
import org.pgminicluster.cli.byhand.HandCommand;
import org.pgminicluster.cluster.Node;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a server beside the cluster as a node was at some point. */
@Command(
        name = "start",
        description = "start a server beside, as NODE was then",
        footer = {
            "%nThe server is called pitr: minicluster sql pitr looks at it, and minicluster",
            "pitr end ends it. It writes for itself, no subscription runs there, and the",
            "cluster does not know of it. No point before the backup's end can be reached."
        })
final class PitrStart implements ClusterCommand {

    @Parameters(index = "0", paramLabel = "DIR", description = "What minicluster backup NODE --physical wrote.")
    private Path directory = Path.of("");

    @Parameters(index = "1", paramLabel = FaultVerb.NODE, description = "Of which node it is, such as vm3.")
    private String node = "";

    @ArgGroup(multiplicity = "0..1")
    private PitrTarget target = new PitrTarget();

    @Option(names = "--exclusive", description = "Stop just before it; not with --name or --immediate.")
    private boolean exclusive;

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
        Node of = running.node(node);
        Path backup = here.resolve(directory);
        requireBackup(backup, of);
        RecoveryTarget upTo = exclusive ? target.get().exclusive() : target.get();
        Printer printer = new Printer(terminal, json);
        synchronized (running.open()) {
            running.requireNothingBeside();
            boolean archive = archived(of, running, printer);
            HalfMade.requireWanted(terminal);
            BesideServer beside = BesideServer.start(backup, of, archive, awake(of, running), upTo, running.settings());
            try {
                HalfMade.requireWanted(terminal);
                running.beside(beside);
            } catch (RuntimeException e) {
                beside.close();
                throw e;
            }
            tell(running, beside, upTo, printer, terminal);
        }
        return Exit.OK;
    }

    private void requireBackup(Path backup, Node of) {
        Path version = backup.resolve("PG_VERSION");
        if (!Files.exists(version) || !Files.exists(backup.resolve("backup_label"))) {
            throw CommandException.usage("expected DIR to be a base backup, but "
                    + (Files.exists(backup) ? "was something else" : "there is none")
                    + "; minicluster backup " + node + " --physical takes one");
        }
        try {
            String major = Files.readString(version).strip();
            if (!major.equals(Integer.toString(of.version().major()))) {
                throw CommandException.usage("expected DIR to be a base backup of PostgreSQL "
                        + of.version().major() + ", which " + node + " runs, but was of " + major
                        + "; name the node that it is of");
            }
        } catch (IOException e) {
            throw CommandException.usage("expected " + version + " to be readable, but was not (" + e + ")");
        }
    }

    /** Whether there is an archive; all that the node has written by now is in it, if it still runs. */
    private boolean archived(Node of, RunningCluster running, Printer printer) {
        if (!of.isRunning() || of.isPaused()) {
            return running.hasArchived(node);
        }
        if (!Archiving.of(of).isOurs(of)) {
            if (target.isImmediate()) {
                return false;
            }
            throw new MiniClusterException(
                    "expected " + node + " to archive its WAL, but does not; say minicluster pitr" + " archive " + node
                            + " and take a base backup after that, or recover to its end with --immediate");
        }
        running.archived(node);
        if (!of.isStandby()) {
            running.cluster().backups().awaitArchived(of);
            printer.typed(HandCommand.sql(node, "SELECT pg_switch_wal()"));
        }
        return true;
    }

    /** With settings like those of the node, which may be down. */
    private static Node awake(Node of, RunningCluster running) {
        return of.isRunning() && !of.isPaused()
                ? of
                : running.cluster().nodes().stream()
                        .filter(other -> other.isRunning() && !other.isPaused())
                        .findFirst()
                        .orElse(of);
    }

    private void tell(
            RunningCluster running, BesideServer beside, RecoveryTarget upTo, Printer printer, Terminal terminal) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(
                "restore_command", "cp " + running.node(node).member().server().files() + "/archive" + "/%f %p");
        settings.put(upTo.setting(), upTo.value());
        settings.put("recovery_target_inclusive", upTo.inclusive() ? "on" : "off");
        settings.put("recovery_target_action", "promote");
        running.backupByHand(beside)
                .recover(directory.toString(), settings, beside.node().version().major())
                .forEach(printer::typed);
        running.writePassfile();
        printer.line(BesideServer.NAME + " runs at " + beside.node().address() + ", as " + node + " was at " + upTo
                + ". minicluster sql " + BesideServer.NAME + " looks at it.");
        Node now = awake(running.node(node), running);
        List<RowsCompared> rows = now.name().equals(node) ? beside.comparedWith(now) : List.of();
        if (!rows.isEmpty()) {
            RowsCompared.lines(rows, BesideServer.NAME, node, terminal.width()).forEach(printer::line);
        }
        printer.data(Map.of(
                "node",
                BesideServer.NAME,
                "address",
                beside.node().address().toString(),
                "target",
                upTo.toString(),
                "tables",
                rows));
    }
}
