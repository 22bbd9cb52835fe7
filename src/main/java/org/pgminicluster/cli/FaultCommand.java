package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Breaks something in the cluster that is up, and puts it right; each way is a command below this one. */
@Command(
        name = "fault",
        description = "Break something on purpose, and put it right.",
        synopsisSubcommandLabel = "WHAT",
        commandListHeading = "",
        footer = "%nminicluster fault WHAT --help has the options.")
final class FaultCommand implements Callable<Integer>, FaultVerb.JsonChoice {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "As JSON.")
    private boolean json;

    static CommandLine withVerbs() {
        CommandLine line = new CommandLine(new FaultCommand());
        line.addSubcommand(new ServerFaults.Kill())
                .addSubcommand(new ServerFaults.Stop())
                .addSubcommand(new ServerFaults.Start())
                .addSubcommand(new ServerFaults.Pause())
                .addSubcommand(new ServerFaults.Resume())
                .addSubcommand(new LinkFaults.Cut())
                .addSubcommand(new LinkFaults.Isolate())
                .addSubcommand(new LinkFaults.Stall())
                .addSubcommand(new LinkFaults.Slow())
                .addSubcommand(new LinkFaults.Terminate())
                .addSubcommand(new SlotVerbs.Drop())
                .addSubcommand(new SlotVerbs.Limit())
                .addSubcommand(new SlotVerbs.Lose())
                .addSubcommand(new SlotVerbs.ReseedSubscription())
                .addSubcommand(new StandbyVerbs.Promote())
                .addSubcommand(new StandbyVerbs.FailOver())
                .addSubcommand(new StandbyVerbs.Rejoin())
                .addSubcommand(new HealVerbs.Heal())
                .addSubcommand(new HealVerbs.ListOpen());
        return listingVerbs(line);
    }

    /** Whose help has the commands below it with their parameters. */
    static CommandLine listingVerbs(CommandLine line) {
        line.getHelpSectionMap().put(UsageMessageSpec.SECTION_KEY_COMMAND_LIST, FaultCommand::verbs);
        return line;
    }

    /** With their parameters, which the parser's own list leaves out. */
    private static String verbs(Help help) {
        TextTable table = new TextTable("", "What", "");
        help.subcommands().values().stream().map(Help::commandSpec).forEach(verb -> {
            String typed = (verb.name() + " " + UsageError.parameters(verb)).strip();
            table.row("", typed, String.join(" ", verb.usageMessage().description()));
        });
        List<String> lines =
                new ArrayList<>(table.lines(help.commandSpec().usageMessage().width()));
        lines.set(0, "");
        return String.join("\n", lines) + "\n";
    }

    @Override
    public boolean json() {
        return json;
    }

    @Override
    public Integer call() {
        throw CommandException.usage(
                "expected WHAT to be given, but was not; known are " + Nearest.listed(UsageError.visible(spec)));
    }
}
