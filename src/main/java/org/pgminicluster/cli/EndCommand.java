package org.pgminicluster.cli;

import org.pgminicluster.cli.byhand.ServerByHand;
import org.pgminicluster.server.ServerKind;
import picocli.CommandLine.Command;

/** Takes everything away, for {@code down}, says what a person would have typed for it, and lets the daemon end. */
@Command(name = EndCommand.NAME, hidden = true)
final class EndCommand implements ClusterCommand {

    static final String NAME = "end";

    @Override
    public int run(ClusterSession session, Terminal terminal) {
        RunningCluster running = session.running();
        if (running.cluster().servers() == ServerKind.CONTAINER) {
            ServerByHand.removeContainers().forEach(terminal::typed);
        } else {
            running.beside().ifPresent(beside -> beside.byHand().remove().forEach(terminal::typed));
            running.cluster()
                    .nodes()
                    .forEach(node ->
                            running.byHand().server(node.name()).removeProcess().forEach(terminal::typed));
        }
        running.close();
        terminal.out()
                .println("Down: the servers are gone, with their data. Logs and journal stay in "
                        + running.directory().path() + ".");
        return Exit.OK;
    }
}
