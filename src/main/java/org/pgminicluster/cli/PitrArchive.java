package org.pgminicluster.cli;

import java.util.List;
import java.util.Map;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cli.byhand.HandCommand;
import org.pgminicluster.cluster.Node;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets a node archive its WAL from now on, for which it is restarted once. */
@Command(
        name = "archive",
        description = "keep the WAL of a node; it is restarted",
        footer = "%nWhat is to be recovered needs a base backup that is taken after that.")
final class PitrArchive implements ClusterCommand {

    private static final String ON = "ALTER SYSTEM SET archive_mode = on";

    @Parameters(paramLabel = FaultVerb.NODE, description = "Such as vm3.")
    private String node = "";

    @Option(names = "--json", description = "As JSON.")
    private boolean json;

    /** Whether a node archives, and by what. */
    record Archiving(boolean on, String command) {

        private static final String UNSET = "(disabled)";

        static Archiving of(Node node) {
            List<String> settings = node.member()
                    .look("SELECT setting FROM pg_settings WHERE name IN ('archive_command', 'archive_mode')"
                            + " ORDER BY name")
                    .texts();
            String command = settings.get(0);
            return new Archiving(!settings.get(1).equals("off"), command.equals(UNSET) ? "" : command);
        }

        boolean isOurs(Node node) {
            return on && command.contains(node.member().server().files());
        }
    }

    @Override
    public int run(ClusterSession session, Terminal terminal) {
        RunningCluster running = session.running();
        Node server = running.node(node);
        Printer printer = new Printer(terminal, json);
        synchronized (running.open()) {
            server.member().requireAwake("its WAL is archived");
            Archiving before = Archiving.of(server);
            if (!before.isOurs(server)) {
                begin(running, server, before, printer);
            }
            printer.line(node + " archives its WAL" + (before.isOurs(server) ? " already." : " from now on."));
            printer.data(
                    Map.of("node", node, "archive_command", Archiving.of(server).command()));
        }
        return Exit.OK;
    }

    private void begin(RunningCluster running, Node server, Archiving before, Printer printer) {
        if (!before.command().isEmpty()) {
            throw new MiniClusterException("expected archive_command of " + node + " to be empty, but was "
                    + before.command() + "; ALTER SYSTEM RESET archive_command and SELECT pg_reload_conf() first");
        }
        if (!before.on()) {
            server.execute(ON);
            printer.typed(HandCommand.sql(node, ON));
            server.restart();
            running.byHand().server(node).restart(Map.of()).forEach(printer::typed);
            running.writePassfile();
        }
        running.cluster().backups().archive(server);
        printer.typed(HandCommand.sql(
                node,
                "ALTER SYSTEM SET archive_command = '"
                        + Archiving.of(server).command().replace("'", "''") + "'"));
        printer.typed(HandCommand.sql(node, "SELECT pg_reload_conf()"));
    }
}
