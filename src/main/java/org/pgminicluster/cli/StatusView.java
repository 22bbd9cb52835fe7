package org.pgminicluster.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A status as people read it. */
final class StatusView {

    private static final String UNHEALTHY = "NOT healthy:";

    private final Terminal terminal;

    StatusView(Terminal terminal) {
        this.terminal = terminal;
    }

    List<String> lines(ClusterStatus status, Instant now) {
        List<String> lines = new ArrayList<>();
        lines.add(terminal.bold(status.topology()) + ": PostgreSQL " + status.version() + ", " + status.servers()
                + ", up for " + duration(Duration.between(Instant.parse(status.since()), now)));
        lines.add("");
        TextTable nodes = new TextTable("Node", "State", "Address", "LSN", "Writes", "Read-only copies");
        status.nodes()
                .forEach(node -> nodes.row(
                        node.name(),
                        node.state(),
                        node.address() == null ? "-" : node.address(),
                        node.lsn() == null ? "-" : node.lsn(),
                        listed(node.writes()),
                        listed(node.copies())));
        add(lines, nodes);
        status.nodes().stream()
                .filter(node -> node.answers() && !node.detail().isEmpty())
                .forEach(node ->
                        lines.addAll(TextTable.fold(node.name() + ": " + node.detail() + ".", terminal.width())));
        if (!status.subscriptions().isEmpty()) {
            lines.add("");
            TextTable subscriptions = new TextTable("Node", "Subscription", "From", "Slot", "Behind", "State");
            status.subscriptions()
                    .forEach(link -> subscriptions.row(
                            link.node(),
                            link.subscription(),
                            link.publisher() == null ? "?" : link.publisher(),
                            link.slot() == null ? "-" : link.slot(),
                            link.behind() == null ? "-" : bytes(link.behind()),
                            link.state()));
            add(lines, subscriptions);
        }
        if (!status.faults().isEmpty()) {
            lines.add("");
            TextTable faults = new TextTable("Fault", "What", "Shown by");
            status.faults().forEach(fault -> faults.row(Integer.toString(fault.number()), fault.what(), fault.proof()));
            add(lines, faults);
            lines.add("minicluster fault heal puts them right, the last one first.");
        }
        lines.add("");
        if (status.healthy()) {
            lines.add(terminal.green("Healthy.") + " Every node answers, every subscription streams.");
        } else {
            List<String> folded =
                    TextTable.fold(UNHEALTHY + " " + String.join("; ", wrong(status)) + ".", terminal.width());
            lines.add(terminal.red(UNHEALTHY) + folded.get(0).substring(UNHEALTHY.length()));
            lines.addAll(folded.subList(1, folded.size()));
        }
        status.failovers()
                .forEach(failover -> lines.addAll(TextTable.fold(
                        "A failover from " + failover.from() + " to " + failover.to() + " now would "
                                + (failover.obstacles().isEmpty()
                                        ? "lose nothing."
                                        : "be refused, because " + String.join("; ", failover.obstacles()) + "."),
                        terminal.width())));
        return lines;
    }

    private void add(List<String> lines, TextTable table) {
        List<String> rows = table.lines(terminal.width());
        lines.add(terminal.bold(rows.get(0)));
        lines.addAll(rows.subList(1, rows.size()));
    }

    private static List<String> wrong(ClusterStatus status) {
        List<String> wrong = new ArrayList<>();
        status.nodes().stream()
                .filter(node -> !node.answers())
                .forEach(node -> wrong.add(node.name() + " is " + node.state()));
        status.subscriptions().stream()
                .filter(link -> !link.works() && !link.state().equals("unknown"))
                .forEach(link -> wrong.add(link.subscription() + " of " + link.node() + ": " + link.state()));
        if (!status.faults().isEmpty()) {
            wrong.add(
                    status.faults().size() == 1
                            ? "a fault is open"
                            : status.faults().size() + " faults are open");
        }
        return wrong;
    }

    private static String listed(List<String> names) {
        return names.isEmpty() ? "-" : String.join(", ", names);
    }

    static String bytes(long bytes) {
        if (bytes < 10_000) {
            return bytes + " B";
        }
        double kib = bytes / 1024.0;
        return kib < 10_000
                ? String.format(Locale.ROOT, "%.0f kB", kib)
                : String.format(Locale.ROOT, "%.0f MB", kib / 1024);
    }

    static String duration(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 120) {
            return seconds + " s";
        }
        return seconds < 7200 ? seconds / 60 + " min" : seconds / 3600 + " h";
    }
}
