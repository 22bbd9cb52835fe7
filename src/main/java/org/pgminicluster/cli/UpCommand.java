package org.pgminicluster.cli;

import java.util.ArrayList;
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
        Home home = Home.in(settings);
        Optional<State> there = home.state();
        if (there.isPresent() && !there.get().isKeeperGone()) {
            refuseAnother(there.get(), settings);
            context.terminal().out().println("A cluster is up already; minicluster down ends it.");
        } else {
            new KeeperStart(context, settings, home, quiet)
                    .start(List.of("--topology", topology().name()));
        }
        try (KeeperClient keeper = KeeperClient.connect(home)) {
            show(home, keeper);
        }
        return Exit.OK;
    }

    private Topologies topology() {
        return guarded ? Topologies.GUARDED : standby ? Topologies.STANDBY : Topologies.HOMEWORK;
    }

    private void refuseAnother(State there, ServerSettings wanted) {
        boolean same = (!servers.asksForVersion() || there.postgres().equals(wanted.postgres()))
                && (!servers.asksForKind()
                        || there.servers().equals(wanted.kind().toString()))
                && (topology() == Topologies.HOMEWORK || topology() == there.topology());
        if (!same) {
            throw CommandException.inconclusive("expected no other cluster to be up, but was " + there.description()
                    + "; end it with minicluster down first");
        }
    }

    private void show(Home home, KeeperClient keeper) {
        ClusterStatus status = keeper.ask("status", List.of(), ClusterStatus.class);
        List<String> lines = new ArrayList<>();
        for (Kept.Address address : keeper.ask("nodes", List.of(), Kept.Address[].class)) {
            String at = address.node() + "  ";
            String below = " ".repeat(at.length());
            lines.add(at + does(status, address.node()));
            if (address.running()) {
                lines.add(below + "jdbc:postgresql://" + address.host() + ":" + address.port() + "/"
                        + address.database() + "?user=postgres");
                lines.add(below + "psql -h " + address.host() + " -p " + address.port() + " -U postgres "
                        + address.database());
            } else {
                lines.add(below + "is down");
            }
        }
        State state = keeper.state();
        Terminal terminal = context.terminal();
        terminal.out().println();
        terminal.out().println(Box.of(state.description(), lines));
        terminal.out().println("The password is in a file that psql and JDBC find by");
        terminal.out().println("  export PGPASSFILE=" + context.shown(home.passfile()));
        terminal.out().println();
        terminal.out().println("Next: minicluster status, minicluster sql vm1, minicluster down");
    }

    private static String does(ClusterStatus status, String name) {
        return status.nodes().stream()
                .filter(node -> node.name().equals(name))
                .findFirst()
                .map(UpCommand::does)
                .orElse("");
    }

    private static String does(ClusterStatus.OfNode node) {
        if (node.state().equals("standby")) {
            return "standby, a copy of " + String.join(", ", node.copies());
        }
        List<String> parts = new ArrayList<>();
        if (!node.writes().isEmpty()) {
            parts.add("writes " + String.join(", ", node.writes()));
        }
        if (!node.copies().isEmpty()) {
            parts.add((parts.isEmpty() ? "read-only copy" : "copy") + " of " + String.join(", ", node.copies()));
        }
        return parts.isEmpty() ? node.state() : String.join("; ", parts);
    }
}
