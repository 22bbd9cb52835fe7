package org.pgminicluster.script;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Topology;

/** What a person would type on one node to make it by hand: the settings first, then the steps, with their reasons. */
public final class PsqlScript {

    /** Settings that suit small test servers only and that nobody should copy. */
    private static final Set<String> TEST_ONLY = Set.of(
            "fsync",
            "shared_buffers",
            "max_connections",
            "wal_writer_delay",
            "wal_retrieve_retry_interval",
            "wal_receiver_status_interval",
            "log_line_prefix",
            "log_statement",
            "timezone",
            "log_timezone");

    private PsqlScript() {}

    /** The script of one node; nodes reach each other by their names. */
    public static String of(Topology topology, String nodeName) {
        NodeSpec node = topology.node(nodeName);
        List<String> lines = new ArrayList<>();
        lines.add("-- " + nodeName + ", as the superuser in psql");
        NodeSettings.of(topology, node).stream()
                .filter(setting -> !TEST_ONLY.contains(setting.name()))
                .forEach(setting -> lines.add("ALTER SYSTEM SET " + Sql.identifier(setting.name()) + " = "
                        + Sql.literal(setting.value()) + ";  -- " + setting.reason()));
        lines.add("-- restart the server, then go on");
        String database = "";
        String reason = "";
        for (Step step : inOrder(topology, nodeName)) {
            String wanted = step.phase() == Step.Phase.DATABASE ? "postgres" : step.database();
            if (!wanted.equals(database)) {
                database = wanted;
                lines.add("\n\\connect " + Sql.identifier(database));
            }
            if (!step.reason().equals(reason)) {
                reason = step.reason();
                lines.add("\n-- " + reason);
            }
            String command = step.command().toString().strip();
            lines.add(step.command() instanceof Step.SetPassword || command.endsWith(";") ? command : command + ";");
        }
        return String.join("\n", lines) + "\n";
    }

    private static List<Step> inOrder(Topology topology, String nodeName) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(
                nodeName,
                topology.database(),
                Step.Phase.DATABASE,
                "The database that is replicated.",
                new Step.Statement("CREATE DATABASE " + Sql.identifier(topology.database()))));
        steps.addAll(Script.of(topology, Peers.byName()).on(nodeName));
        return steps;
    }
}
