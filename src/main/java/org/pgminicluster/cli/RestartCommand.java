package org.pgminicluster.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pgminicluster.cli.byhand.HandCommand;
import org.pgminicluster.cli.byhand.ServerByHand;
import org.pgminicluster.cluster.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Restarts a server, as {@code pg_ctlcluster} does: one that is down is started. */
@Command(
        name = "restart",
        description = "Restart a node's server, the fast way.",
        footer = "%nWhat ALTER SYSTEM says counts from then on. A server that is down is started.")
final class RestartCommand implements ClusterCommand {

    @Parameters(paramLabel = FaultVerb.NODE, description = "Such as vm1.")
    private String node = "";

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    @Override
    public int run(ClusterSession session, Terminal terminal) {
        RunningCluster running = session.running();
        Printer printer = new Printer(terminal, json);
        synchronized (running.open()) {
            Node server = running.node(node);
            restart(server, running).forEach(printer::typed);
            running.writePassfile();
            printer.line(node + " runs at " + server.address() + ".");
            printer.data(Map.of("node", node, "address", server.address().toString()));
        }
        return Exit.OK;
    }

    /** Returns what a person would have typed. */
    private List<HandCommand> restart(Node server, RunningCluster running) {
        ServerByHand byHand = running.byHand().server(node);
        if (server.isRunning()) {
            server.restart();
            return byHand.restart(Map.of());
        }
        Optional<OpenFaults.Numbered> fault = running.open().keeping(node, OpenFaults.Keeps.RUNNING);
        fault.ifPresentOrElse(numbered -> numbered.fault().heal(), server::start);
        return List.of(byHand.start());
    }
}
