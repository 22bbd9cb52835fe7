package org.pgminicluster.cli;

import picocli.CommandLine.Command;

/** Says, for other commands, where to connect to. */
@Command(name = AddressesCommand.NAME, hidden = true)
final class AddressesCommand implements ClusterCommand {

    static final String NAME = "addresses";

    @Override
    public int run(ClusterSession session, Terminal terminal) {
        terminal.json(session.running().addresses());
        return Exit.OK;
    }
}
