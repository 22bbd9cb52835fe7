package org.pgminicluster.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells when rows arrive. */
@Command(
        name = "watch",
        description = "Tell when rows of a table arrive on each node.",
        footer = {"%nA time is when a look saw it, late by up to the interval between two looks."})
final class WatchCommand implements ClusterCommand {

    @Parameters(paramLabel = "TABLE", description = "Such as test, or schema.table.")
    private String table = "";

    @Option(
            names = "--interval",
            paramLabel = "MS",
            converter = Values.Interval.class,
            description = "Between two looks; 50 ms if not said.")
    private int interval = 50;

    @Option(
            names = "--for",
            paramLabel = "SECONDS",
            converter = Values.Natural.class,
            description = "End by itself after so many seconds.")
    private int seconds;

    @Option(names = "--json", description = "As JSON, an object a line.")
    private boolean json;

    @Override
    public int run(ClusterSession session, Terminal terminal) throws InterruptedException {
        new TableWatch(session.running().cluster(), table, new Printer(terminal, json), terminal)
                .run(interval, seconds);
        return Exit.OK;
    }
}
