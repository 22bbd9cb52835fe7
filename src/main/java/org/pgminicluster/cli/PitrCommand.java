package org.pgminicluster.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Point-in-time recovery; each part of it is a command below this one. */
@Command(
        name = "pitr",
        description = "Recover a base backup to a point in time.",
        synopsisSubcommandLabel = "WHAT",
        commandListHeading = "",
        footer = {
            "%nFirst pitr archive vm3, then backup vm3 --physical, and when something has",
            "gone wrong pitr start vm3.base vm3 --time '2026-01-31 12:00:00+00'.",
            "minicluster pitr WHAT --help has the options."
        })
final class PitrCommand implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    static CommandLine withVerbs() {
        return FaultCommand.listingVerbs(new CommandLine(new PitrCommand())
                .addSubcommand(new PitrArchive())
                .addSubcommand(new PitrStart())
                .addSubcommand(new PitrEnd()));
    }

    @Override
    public Integer call() {
        throw CommandException.usage(
                "expected WHAT to be given, but was not; known are " + Nearest.listed(UsageError.visible(spec)));
    }
}
