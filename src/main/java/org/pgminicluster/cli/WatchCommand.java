package org.pgminicluster.cli;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells when rows arrive. */
@Command(
        name = "watch",
        description = "Tell when rows of a table arrive on each node.",
        footer = {"%nA time is when a look saw it, late by up to the interval between two looks."})
final class WatchCommand implements Callable<Integer> {

    private final Context context;

    @Parameters(paramLabel = "TABLE", description = "Such as test, or schema.table.")
    private String table = "";

    @Option(names = "--interval", paramLabel = "MS", description = "Between two looks; 50 ms if not said.")
    private int interval = 50;

    @Option(names = "--for", paramLabel = "SECONDS", description = "End by itself after so many seconds.")
    private int seconds;

    @Option(names = "--json", description = "As JSON, an object a line.")
    private boolean json;

    WatchCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (interval < 5 || seconds < 0) {
            throw CommandException.usage("expected --interval to be 5 or more and --for to be 0 or more, but was "
                    + interval + " and " + seconds);
        }
        Terminal terminal = context.terminal();
        Consumer<Reply> printer = Replies.printer(json, terminal);
        try (KeeperClient keeper = KeeperClient.connect(context.home())) {
            return keeper.send(
                    "watch",
                    List.of(table),
                    Map.of("interval", Integer.toString(interval), "seconds", Integer.toString(seconds)),
                    reply -> {
                        printer.accept(reply);
                        if (terminal.lost().isPresent()) {
                            throw CommandException.unread();
                        }
                    });
        }
    }
}
