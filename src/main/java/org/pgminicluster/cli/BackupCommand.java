package org.pgminicluster.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.backup.Backups;
import org.pgminicluster.backup.Dump;
import org.pgminicluster.backup.PhysicalBackup;
import org.pgminicluster.cli.byhand.BackupByHand;
import org.pgminicluster.cluster.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A logical or a physical backup of a node, taken while it runs, into a place of whoever asks for it. */
@Command(
        name = "backup",
        description = "Back a node up by pg_dump or pg_basebackup.",
        footer = {
            "%nThe node runs meanwhile. A dump holds one database as it was at one moment, and",
            "minicluster restore takes it; a base backup holds the whole server, and",
            "minicluster pitr start takes it. Only you can read them. Without -o they are",
            "named after the node."
        })
final class BackupCommand implements ClusterCommand {

    @Parameters(paramLabel = FaultVerb.NODE, description = "Such as vm3.")
    private String node = "";

    @Option(names = "--physical", description = "The whole server by pg_basebackup, into a directory.")
    private boolean physical;

    @Option(names = "-o", paramLabel = "PATH", description = "The file or directory to make, where nothing is yet.")
    private @Nullable Path output;

    @Option(
            names = {"-d", "--database"},
            paramLabel = "NAME",
            description = "Another database than the cluster's own; of a dump.")
    private String database = "";

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
        Node named = running.node(node);
        if (physical && !database.isEmpty()) {
            throw CommandException.usage(
                    "expected --database without --physical, but was with it; a base backup holds" + " all databases");
        }
        Path typed = output == null ? Path.of(node + (physical ? ".base" : ".dump")) : output;
        Path place = here.resolve(typed);
        Printer printer = new Printer(terminal, json);
        synchronized (running.open()) {
            named.member().requireAwake("it is backed up");
            try (HalfMade made = HalfMade.at(place, "-o")) {
                Node source = database.isEmpty() ? named : named.in(database);
                take(running.cluster().backups(), source, made);
                made.done(terminal);
                BackupByHand byHand = running.backupByHand(node);
                printer.typed(
                        physical ? byHand.base(typed.toString()) : byHand.dump(source.database(), typed.toString()));
                printer.line((physical ? node + " is" : "The database " + source.database() + " of " + node + " is")
                        + " backed up in " + typed + ": " + StatusView.bytes(made.bytes()) + ".");
                printer.data(data(source, place, made.bytes()));
            }
        }
        return Exit.OK;
    }

    private void take(Backups backups, Node source, HalfMade made) {
        if (physical) {
            PhysicalBackup base = backups.base(source);
            try {
                backups.save(base, made.part());
            } finally {
                backups.discard(base);
            }
        } else {
            Dump dump = backups.dump(source, Dump.Format.CUSTOM);
            try {
                backups.save(dump, made.part());
            } finally {
                backups.discard(dump);
            }
        }
    }

    private Map<String, Object> data(Node source, Path place, long bytes) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("node", node);
        data.put("kind", physical ? "physical" : "logical");
        if (!physical) {
            data.put("database", source.database());
        }
        data.put("path", place.toString());
        data.put("bytes", bytes);
        return data;
    }
}
