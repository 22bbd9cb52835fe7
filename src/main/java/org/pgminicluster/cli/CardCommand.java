package org.pgminicluster.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** Shows, after {@code up}, what the nodes do and how to connect to them. */
@Command(name = CardCommand.NAME, hidden = true)
final class CardCommand implements ClusterCommand {

    static final String NAME = "card";

    @Override
    public int run(ClusterSession session, Terminal terminal) {
        RunningCluster running = session.running();
        ClusterStatus status = running.status();
        List<String> lines = new ArrayList<>();
        for (RunningCluster.Address address : running.addresses()) {
            String at = address.node() + "  ";
            String below = " ".repeat(at.length());
            lines.add(at
                    + status.nodes().stream()
                            .filter(node -> node.name().equals(address.node()))
                            .findFirst()
                            .map(CardCommand::does)
                            .orElse(""));
            if (address.running()) {
                lines.add(below + "jdbc:postgresql://" + address.host() + ":" + address.port() + "/"
                        + address.database() + "?user=postgres");
                lines.add(below + "psql -h " + address.host() + " -p " + address.port() + " -U postgres "
                        + address.database());
            } else {
                lines.add(below + "is down");
            }
        }
        terminal.out().println(TextFrame.of(status.description(), lines));
        return Exit.OK;
    }

    private static String does(ClusterStatus.OfNode node) {
        if (node.state().equals("standby")) {
            return "standby, a copy of " + String.join(", ", node.copies());
        }
        List<String> parts = new ArrayList<>();
        if (!node.writes().isEmpty()) {
            parts.add("writes " + String.join(", ", node.writes()));
        }
        if (!node.copies().isEmpty()) {
            parts.add((parts.isEmpty() ? "read-only copy" : "copy") + " of " + String.join(", ", node.copies()));
        }
        return parts.isEmpty() ? node.state() : String.join("; ", parts);
    }
}
