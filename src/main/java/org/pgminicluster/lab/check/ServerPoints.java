package org.pgminicluster.lab.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Servers, databases, and the level of the WAL. */
final class ServerPoints {

    private static final String LOGICAL = "logical";
    private static final int BY_ITSELF = 19;

    private ServerPoints() {}

    static List<Point> of(SeenHomework homework, Evidence evidence) {
        return List.of(
                new Point("servers", List.of(), servers(homework)),
                new Point("database", List.of(), databases(homework)),
                new Point("wal-level", List.of(), walLevels(homework)));
    }

    private static List<Finding> servers(SeenHomework homework) {
        List<Survey> all = Stream.concat(homework.nodes().stream(), homework.vm4().stream())
                .toList();
        List<Finding> findings = new ArrayList<>();
        Map<String, List<String>> versions = new TreeMap<>();
        all.forEach(node -> versions.computeIfAbsent(node.server().version(), version -> new ArrayList<>())
                .add(node.node()));
        findings.add(Finding.done(
                "servers-done",
                versions.entrySet().stream()
                        .map(entry -> "PostgreSQL " + entry.getKey() + ": " + String.join(", ", entry.getValue()))
                        .collect(Collectors.joining("; "))));
        if (all.stream().map(node -> node.server().major()).distinct().count() > 1) {
            findings.add(Finding.remark("majors-differ"));
        }
        for (Survey node : all) {
            if (node.server().replicationRole().equals("replica")) {
                findings.add(Finding.wrong("replica-role", node.node(), node.user()));
            }
            boolean isFourth = homework.vm4().filter(node::equals).isPresent();
            if (node.server().standby() && !isFourth) {
                findings.add(Finding.wrong("server-in-recovery", node.node()));
            }
            if (!node.seesConninfo()) {
                findings.add(Finding.remark("right-superuser", node.node(), node.user()));
            }
            if (!node.server().monitor()) {
                findings.add(Finding.remark("right-monitor", node.node(), node.user()));
            }
        }
        return findings;
    }

    private static List<Finding> databases(SeenHomework homework) {
        List<Finding> findings = new ArrayList<>();
        List<String> found = new ArrayList<>();
        for (Survey node : homework.nodes()) {
            if (node.hasDatabase()) {
                found.add(node.database() + " (" + node.node() + ")");
                if (Objects.equals(node.database(), Survey.MAINTENANCE)) {
                    findings.add(Finding.remark("database-postgres", node.node()));
                }
            } else if (node.databases().isEmpty()) {
                findings.add(Finding.notYet("database-none", node.node(), wanted(node)));
            } else {
                findings.add(Finding.notYet(
                        "database-other", node.node(), wanted(node), String.join(", ", node.databases())));
            }
        }
        if (!found.isEmpty()) {
            findings.add(0, Finding.done("database-done", String.join(", ", found)));
        }
        return findings;
    }

    private static String wanted(Survey node) {
        return node.expected() == null ? "rep" : node.expected();
    }

    private static List<Finding> walLevels(SeenHomework homework) {
        List<Finding> findings = new ArrayList<>();
        List<String> logical = new ArrayList<>();
        for (Survey node : List.of(homework.vm1(), homework.vm2())) {
            ServerFacts server = node.server();
            if (server.walLevel().equals(LOGICAL) || server.major() >= BY_ITSELF) {
                logical.add(node.node());
            } else if (LOGICAL.equals(server.walLevelAsked())) {
                findings.add(Finding.wrong("wal-level-not-restarted", node.node(), server.walLevel()));
            } else {
                findings.add(Finding.notYet("wal-level", node.node(), server.walLevel()));
            }
        }
        if (!logical.isEmpty()) {
            findings.add(0, Finding.done("wal-level-done", String.join(", ", logical)));
        }
        return findings;
    }
}
