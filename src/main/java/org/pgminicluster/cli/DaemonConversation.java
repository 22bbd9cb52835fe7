package org.pgminicluster.cli;

/** Reads and carries out what comes over one connection to the daemon. */
final class DaemonConversation implements DaemonServer.Conversation {

    private final ClusterSession session;

    DaemonConversation(RunningCluster running) {
        this.session = new ClusterSession(running);
    }

    @Override
    public int carryOut(Request request, Terminal terminal) {
        return ClusterCommands.addTo(
                        new CommandRunner(terminal, new ClusterCommands(), command -> command.run(session, terminal)))
                .run(request.args().toArray(String[]::new));
    }

    @Override
    public void close() {
        session.close();
    }
}
