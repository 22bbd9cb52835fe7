package org.pgminicluster.cli;

import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows how the cluster is. */
@Command(
        name = "status",
        description = "Show nodes, subscriptions, slots and faults.",
        footer = "%nExits with 1 if a node does not answer or a subscription does not stream.")
final class StatusCommand implements ClusterCommand {

    @Option(
            names = {"-w", "--watch"},
            description = "Show it again every second, until Ctrl-C.")
    private boolean watch;

    @Option(names = "--json", description = "As JSON; with --watch an object a line.")
    private boolean json;

    @Override
    public int run(ClusterSession session, Terminal terminal) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        int exit;
        do {
            exit = show(session.running().status(), terminal);
        } while (watch && terminal.lost().isEmpty() && !never.await(1, TimeUnit.SECONDS));
        return exit;
    }

    private int show(ClusterStatus status, Terminal terminal) {
        if (json) {
            terminal.json(status);
        } else {
            if (watch && terminal.isAttached()) {
                terminal.clear();
            }
            new StatusView(terminal).lines(status, Instant.now()).forEach(terminal.out()::println);
        }
        return status.healthy() ? Exit.OK : Exit.FAILED;
    }
}
