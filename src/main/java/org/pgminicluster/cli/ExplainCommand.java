package org.pgminicluster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Not there yet. */
@Command(name = "explain", description = "Not there yet.")
final class ExplainCommand implements Callable<Integer> {

    private final Context context;

    ExplainCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.terminal().out().println("not there yet");
        return Exit.INCONCLUSIVE;
    }
}
