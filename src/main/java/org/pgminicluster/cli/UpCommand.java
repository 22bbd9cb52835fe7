package org.pgminicluster.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.pgminicluster.server.ServerSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Starts the homework's cluster and returns; it stays up until {@code down}. */
@Command(
        name = "up",
        description = "Start the homework's cluster, which stays up.",
        footer = {"%nWhat is up already stays as it is. minicluster down ends it."})
final class UpCommand implements Callable<Integer> {

    private final Context context;

    @Mixin
    private final ServerOptions servers = new ServerOptions();

    @Option(names = "--standby", description = "Add vm4, a physical standby of vm3.")
    private boolean standby;

    @Option(names = "--guarded", description = "Add vm4, a standby that can take over without loss.")
    private boolean guarded;

    @Option(
            names = {"-q", "--quiet"},
            description = "Do not print the statements that set it up.")
    private boolean quiet;

    UpCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ServerSettings settings = servers.settings(context);
        ClusterDirectory directory = ClusterDirectory.in(settings);
        Optional<DaemonState> there = directory.state();
        if (there.isPresent() && !there.get().isGone()) {
            refuseAnother(there.get(), settings);
            context.terminal().out().println("A cluster is up already; minicluster down ends it.");
            show(directory);
        } else {
            new DaemonStart(context, settings).start(topology(), quiet, () -> show(directory));
        }
        return Exit.OK;
    }

    private Topologies topology() {
        return guarded ? Topologies.GUARDED : standby ? Topologies.STANDBY : Topologies.HOMEWORK;
    }

    private void refuseAnother(DaemonState there, ServerSettings wanted) {
        boolean same = (!servers.asksForVersion() || there.postgres().equals(wanted.postgres()))
                && (!servers.asksForKind()
                        || there.servers().equals(wanted.kind().toString()))
                && (topology() == Topologies.HOMEWORK || topology() == there.topology());
        if (!same) {
            throw CommandException.inconclusive("expected no other cluster to be up, but was " + there.description()
                    + "; end it with minicluster down first");
        }
    }

    private void show(ClusterDirectory directory) {
        Terminal terminal = context.terminal();
        terminal.out().println();
        try (DaemonClient daemon = DaemonClient.connect(context)) {
            daemon.send(List.of(CardCommand.NAME));
        }
        terminal.out().println("The password is in a file that psql and JDBC find by");
        terminal.out().println("  export PGPASSFILE=" + context.shown(directory.passfile()));
        terminal.out().println();
        terminal.out().println("Next: minicluster status, minicluster sql vm1, minicluster down");
    }
}
