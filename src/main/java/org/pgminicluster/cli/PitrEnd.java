package org.pgminicluster.cli;

import java.util.Map;
import org.pgminicluster.MiniClusterException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Ends the server beside the cluster. */
@Command(name = "end", description = "end the server pitr, with its data")
final class PitrEnd implements ClusterCommand {

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public int run(ClusterSession session, Terminal terminal) {
        RunningCluster running = session.running();
        Printer printer = new Printer(terminal, json);
        synchronized (running.open()) {
            BesideServer beside = running.beside()
                    .orElseThrow(() -> new MiniClusterException("expected a server " + BesideServer.NAME
                            + " to be there, but was none; minicluster pitr start makes one"));
            beside.byHand().remove().forEach(printer::typed);
            running.endBeside();
            printer.line(BesideServer.NAME + " is gone, with its data.");
            printer.data(Map.of("node", BesideServer.NAME));
        }
        return Exit.OK;
    }
}
