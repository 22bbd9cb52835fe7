package org.pgminicluster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Not there yet. */
@Command(name = "list", description = "Not there yet.")
final class ListCommand implements Callable<Integer> {

    private final Context context;

    ListCommand(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        context.terminal().out().println("not there yet");
        return Exit.INCONCLUSIVE;
    }
}
