package org.pgminicluster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows how the cluster is. */
@Command(
        name = "status",
        description = "Show nodes, subscriptions, slots and faults.",
        footer = "%nExits with 1 if a node does not answer or a subscription does not stream.")
final class StatusCommand implements Callable<Integer> {

    private static final String CLEAR = "\u001b[H\u001b[2J";

    private final Context context;

    @Option(
            names = {"-w", "--watch"},
            description = "Show it again every second, until Ctrl-C.")
    private boolean watch;

    @Option(names = "--json", description = "As JSON; with --watch an object a line.")
    private boolean json;

    StatusCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() throws InterruptedException {
        try (KeeperClient keeper = KeeperClient.connect(context.home())) {
            int exit = show(keeper);
            CountDownLatch never = new CountDownLatch(1);
            while (watch && context.terminal().lost().isEmpty() && !never.await(1, TimeUnit.SECONDS)) {
                exit = show(keeper);
            }
            return exit;
        }
    }

    private int show(KeeperClient keeper) {
        Terminal terminal = context.terminal();
        return keeper.send("status", List.of(), Map.of(), reply -> {
            if (json) {
                Replies.printer(true, terminal).accept(reply);
            } else if (reply.data() != null) {
                List<String> lines = new StatusView(terminal).lines(read(reply.data()), Instant.now());
                terminal.out().print(watch && terminal.isAttached() ? CLEAR : "");
                terminal.out().println(String.join("\n", lines));
            }
        });
    }

    private static ClusterStatus read(JsonNode data) {
        try {
            return Answer.JSON.treeToValue(data, ClusterStatus.class);
        } catch (IOException e) {
            throw new IllegalStateException("a status that cannot be read", e);
        }
    }
}
