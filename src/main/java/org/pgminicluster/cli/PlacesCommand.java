package org.pgminicluster.cli;

import picocli.CommandLine.Command;

/** Says, for other commands, what stands in braces in the texts of a lesson. */
@Command(name = PlacesCommand.NAME, hidden = true)
final class PlacesCommand implements ClusterCommand {

    static final String NAME = "places";

    @Override
    public int run(ClusterSession session, Terminal terminal) {
        terminal.json(session.running().places());
        return Exit.OK;
    }
}
