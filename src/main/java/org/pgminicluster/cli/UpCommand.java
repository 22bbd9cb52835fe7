package org.pgminicluster.cli;

import java.util.List;
import java.util.concurrent.Callable;
import org.pgminicluster.lab.lesson.Language;
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
        Topologies topology = guarded ? Topologies.GUARDED : standby ? Topologies.STANDBY : Topologies.HOMEWORK;
        new StartUnlessUp(context, servers, topology)
                .run(Language.EN, quiet, () -> show(ClusterDirectory.in(servers.settings(context))));
        return Exit.OK;
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
