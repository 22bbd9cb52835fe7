package org.pgminicluster.cli;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.pgminicluster.cluster.LeftoverServers;
import org.pgminicluster.server.ProcessState;
import picocli.CommandLine.Command;

/** Ends the cluster that is up, or removes what a daemon that died has left. */
@Command(name = "down", description = "End the cluster: servers, data, networks.", footer = "%nLogs and journal stay.")
final class DownCommand implements Callable<Integer> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(10);

    private final Context context;

    DownCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        ClusterDirectory directory = context.directory();
        Optional<DaemonState> state = directory.state();
        if (state.isEmpty()) {
            context.terminal().out().println("Nothing is up.");
            return Exit.OK;
        }
        if (state.get().isGone()) {
            removeLeftovers(directory, state.get());
            return Exit.OK;
        }
        try (DaemonClient daemon = DaemonClient.connect(context)) {
            int exit = daemon.send(List.of(EndCommand.NAME));
            if (exit != Exit.OK) {
                throw CommandException.inconclusive(
                        "the cluster did not end as it should; its daemon is ended instead");
            }
            awaitEnd(state.get().pid());
        } catch (CommandException e) {
            // Whatever has befallen it: what it made is known by its process, and can go once that is gone.
            context.terminal().err().println("minicluster: " + e.getMessage());
            ProcessHandle.of(state.get().pid()).ifPresent(ProcessHandle::destroyForcibly);
            awaitEnd(state.get().pid());
            removeLeftovers(directory, state.get());
        }
        return Exit.OK;
    }

    private void removeLeftovers(ClusterDirectory directory, DaemonState state) {
        context.terminal()
                .out()
                .println("The daemon of the cluster, process " + state.pid() + ", is gone. Removing what it left.");
        PostgresBinaries.offer(context.settings(state.servers(), state.postgres()));
        LeftoverServers.remove(context.settings(state.servers(), state.postgres()));
        directory.forget();
        context.terminal()
                .out()
                .println("Down: the servers are gone, with their data. Logs and journal stay in " + directory.path()
                        + ".");
    }

    /** Until it is gone another one could not be started. */
    private static void awaitEnd(long pid) {
        Optional<ProcessHandle> daemon = ProcessHandle.of(pid);
        if (daemon.isEmpty()) {
            return;
        }
        try {
            // Not by onExit, which looks at another's child every few seconds only.
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(LOOK)
                    .atMost(PATIENCE)
                    .until(() -> ProcessState.isGone(daemon.get()));
        } catch (ConditionTimeoutException e) {
            daemon.get().destroyForcibly();
        }
    }
}
