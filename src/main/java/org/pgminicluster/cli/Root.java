package org.pgminicluster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What is said when no command is given. */
@Command(
        name = "minicluster",
        description = {
            "A mini cluster of real PostgreSQL servers that replicate logically:",
            "start it, look at it, break it, and see what happens."
        },
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footerHeading = "%nTo begin with:%n",
        footer = {
            "  minicluster demo          the homework, told step by step",
            "  minicluster up            three servers that stay; then status, sql vm1, fault",
            "  minicluster practice      four bare servers: do the homework yourself",
            "  minicluster down          and they are gone",
            "",
            "Exit codes: 0 as expected, 1 a check failed, 2 it cannot be told, 64 usage."
        })
final class Root implements Callable<Integer> {

    private final Context context;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = CommandLine.ScopeType.INHERIT,
            description = "Show what there is to say about a command.")
    private boolean help;

    @Option(
            names = {"-V", "--version"},
            description = "Show the version.")
    private boolean version;

    Root(Context context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        if (version) {
            String known = Root.class.getPackage().getImplementationVersion();
            context.terminal().out().println("minicluster " + (known == null ? "of a working copy" : known));
            return Exit.OK;
        }
        spec.commandLine().usage(spec.commandLine().getOut());
        return Exit.OK;
    }
}
