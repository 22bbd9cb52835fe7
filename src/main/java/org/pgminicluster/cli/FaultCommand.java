package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Breaks something in the cluster that is up, and puts it right. */
@Command(name = "fault", description = "Break something on purpose, and put it right.")
final class FaultCommand implements Callable<Integer> {

    private final Context context;

    @Parameters(index = "0", paramLabel = "WHAT", description = "One of those below.")
    private String verb = "";

    @Parameters(index = "1..*", paramLabel = "WHERE", description = "Nodes, subscriptions, slots, as it takes them.")
    private List<String> where = new ArrayList<>();

    @Option(names = "--mode", paramLabel = "MODE", description = "How to stop: fast or immediate.")
    private @Nullable String mode;

    @Option(names = "--latency", paramLabel = "MS", description = "How much later; 200ms if nothing is said.")
    private @Nullable String latency;

    @Option(names = "--jitter", paramLabel = "MS", description = "The most that is added at random.")
    private @Nullable String jitter;

    @Option(names = "--rate", paramLabel = "BYTES", description = "The most bytes that pass in a second.")
    private @Nullable String rate;

    @Option(names = "--walsender", description = "Terminate the walsender, not the apply worker.")
    private boolean walsender;

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    FaultCommand(Context context) {
        this.context = context;
    }

    /** With the verbs in its help. */
    static CommandLine withVerbs(Context context) {
        CommandLine line = new CommandLine(new FaultCommand(context));
        line.getCommandSpec().usageMessage().footer(verbs());
        return line;
    }

    private static String[] verbs() {
        TextTable table = new TextTable("", "What", "");
        Arrays.stream(FaultVerb.values())
                .forEach(it -> table.row("", (it.word() + " " + it.parameters()).strip(), it.description()));
        List<String> lines = table.lines(Integer.MAX_VALUE);
        List<String> all = new ArrayList<>();
        all.add("");
        all.addAll(lines.subList(1, lines.size()));
        return all.toArray(String[]::new);
    }

    @Override
    public Integer call() {
        FaultVerb known = FaultVerb.of(verb);
        known.checkCount(where.size());
        try (KeeperClient keeper = KeeperClient.connect(context.home())) {
            where.subList(0, known.nodes()).forEach(keeper::node);
            List<String> args = new ArrayList<>(List.of(known.word()));
            args.addAll(where);
            return keeper.send("fault", args, options(), Replies.printer(json, context.terminal()));
        }
    }

    private Map<String, String> options() {
        Map<String, @Nullable String> given = new HashMap<>();
        given.put("mode", mode);
        given.put("latency", latency);
        given.put("jitter", jitter);
        given.put("rate", rate);
        given.put("walsender", walsender ? "yes" : null);
        Map<String, String> options = new HashMap<>();
        given.forEach((name, value) -> {
            if (value != null) {
                options.put(name, value);
            }
        });
        return options;
    }
}
