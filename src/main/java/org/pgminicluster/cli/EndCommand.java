package org.pgminicluster.cli;

import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cli.byhand.ServerByHand;
import org.pgminicluster.server.ServerKind;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;

/** Takes everything away, for {@code down}, says what a person would have typed for it, and lets the daemon end. */
@Command(name = EndCommand.NAME, hidden = true)
final class EndCommand implements ClusterCommand {

    static final String NAME = "end";

    /** Whatever state the cluster is in, it is to be taken away. */
    private static void noteIfItCan(RunningCluster running) {
        try {
            NoteCommand.note(running);
        } catch (MiniClusterException e) {
            LoggerFactory.getLogger(EndCommand.class).info("what the cluster has become was not written down", e);
        }
    }

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
        noteIfItCan(running);
        running.close();
        terminal.out()
                .println("Down: the servers are gone, with their data. Logs and journal stay in "
                        + running.directory().path() + ".");
        return Exit.OK;
    }
}
