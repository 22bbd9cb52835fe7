package org.pgminicluster.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.pgminicluster.cluster.LeftoverServers;
import org.pgminicluster.server.ProcessState;
import picocli.CommandLine.Command;

/** Ends the cluster that is up, or removes what a keeper that died has left. */
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
        Home home = context.home();
        Optional<State> state = home.state();
        if (state.isEmpty()) {
            context.terminal().out().println("Nothing is up.");
            return Exit.OK;
        }
        if (state.get().isKeeperGone()) {
            removeLeftovers(home, state.get());
            return Exit.OK;
        }
        try (KeeperClient keeper = KeeperClient.connect(home)) {
            keeper.send("down", List.of(), Map.of(), reply -> Replies.print(reply, context.terminal()));
            awaitEnd(state.get().keeperPid());
        } catch (CommandException e) {
            // Whatever has befallen it: what it made is known by its process, and can go once that is gone.
            context.terminal().err().println("minicluster: " + e.getMessage());
            ProcessHandle.of(state.get().keeperPid()).ifPresent(ProcessHandle::destroyForcibly);
            awaitEnd(state.get().keeperPid());
            removeLeftovers(home, state.get());
        }
        return Exit.OK;
    }

    private void removeLeftovers(Home home, State state) {
        context.terminal()
                .out()
                .println("The keeper of the cluster, process " + state.keeperPid()
                        + ", is gone. Removing what it left.");
        PostgresBinaries.offer(context.settings(state.servers(), state.postgres()));
        LeftoverServers.remove(context.settings(state.servers(), state.postgres()));
        home.forget();
        context.terminal()
                .out()
                .println("Down: the servers are gone, with their data. Logs and journal stay in " + home.directory()
                        + ".");
    }

    /** Until it is gone another one could not be started. */
    private static void awaitEnd(long pid) {
        Optional<ProcessHandle> keeper = ProcessHandle.of(pid);
        if (keeper.isEmpty()) {
            return;
        }
        try {
            // Not by onExit, which looks at another's child every few seconds only.
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(LOOK)
                    .atMost(PATIENCE)
                    .until(() -> ProcessState.isGone(keeper.get()));
        } catch (ConditionTimeoutException e) {
            keeper.get().destroyForcibly();
        }
    }
}
