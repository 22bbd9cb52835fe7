package org.pgminicluster.script;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;

/** What a person would type on one node to make it by hand: the settings first, then the steps, with their reasons. */
@API(status = API.Status.INTERNAL)
public final class PsqlScript {

    /** Settings that suit small test servers only and that nobody should copy. */
    private static final Set<String> TEST_ONLY = Set.of(
            "fsync",
            "shared_buffers",
            "max_connections",
            "jit",
            "wal_writer_delay",
            "wal_retrieve_retry_interval",
            "wal_receiver_status_interval",
            "log_line_prefix",
            "log_statement",
            "timezone",
            "log_timezone");

    private static final Set<Step.Phase> SUBSCRIBES = EnumSet.of(Step.Phase.SUBSCRIBE, Step.Phase.SUBSCRIBE_TO_STANDBY);

    /** What changes the session that a script runs in. */
    private static final Pattern SETS = Pattern.compile("\\b(SET|SET_CONFIG)\\b", Pattern.CASE_INSENSITIVE);

    /** A failover slot is a copy of the slot of a subscription, which has to be there. */
    private static final String COPIES_SLOT = "SELECT pg_copy_logical_replication_slot";

    private static final String HBA = "-- pg_hba.conf: ";
    private static final String CERTIFICATE = "/var/lib/postgresql/server.crt";
    private static final String KEY = "/var/lib/postgresql/server.key";

    private PsqlScript() {}

    /** The script of one node, as every major from 11 on takes it; nodes reach each other by their names. */
    public static String of(Topology topology, String nodeName) {
        return of(topology, nodeName, 0);
    }

    /** @param major what the node runs, or 0 if that is not known */
    public static String of(Topology topology, String nodeName, int major) {
        return topology.standby(nodeName)
                .map(standby -> ofStandby(topology, standby, major))
                .orElseGet(() -> ofNode(topology, nodeName, major));
    }

    private static Script script(Topology topology, int major) {
        Peers peers = Peers.byName(topology);
        return major == 0 ? Script.of(topology, peers) : Script.of(topology, peers, major);
    }

    /** In a shell, since there is no server yet that psql could talk to. */
    private static String ofStandby(Topology topology, StandbySpec standby, int major) {
        List<String> lines = new ArrayList<>();
        lines.add("# " + standby.name() + ", as the server's user in a shell, with an empty data directory");
        lines.add("# " + login(standby.primary(), standby.name(), Roles.standbyLogin(standby.name())));
        NodeSpec described = topology.described(standby.name());
        followed(topology, described)
                .forEach(other -> lines.add("# " + login(other, standby.name(), Roles.login(standby.name()))));
        List<Step> steps = script(topology, major).on(standby.name());
        steps.stream().filter(step -> step.command() instanceof Step.BaseBackup).forEach(step -> {
            lines.add("\n# " + step.reason());
            lines.add(step.command().toString());
        });
        if (topology.tls()) {
            lines.add("\n# " + CERTIFICATE + " and " + KEY
                    + " are its own, and the authority's certificate is where the primary" + " has it");
        }
        lines.add("\n# into postgresql.auto.conf, and then start the server");
        NodeSettings.of(topology, standby, major).stream()
                .filter(setting -> !TEST_ONLY.contains(setting.name()))
                .forEach(setting ->
                        lines.add(setting.name() + " = " + Sql.literal(setting.value()) + "  # " + setting.reason()));
        steps.stream()
                .filter(step -> !(step.command() instanceof Step.BaseBackup))
                .forEach(step -> {
                    lines.add("\n# " + step.reason());
                    lines.add("psql --dbname=" + step.database() + " --command=\"" + step.command() + "\"");
                });
        return String.join("\n", lines) + "\n";
    }

    private static String ofNode(Topology topology, String nodeName, int major) {
        NodeSpec node = topology.node(nodeName);
        List<String> lines = new ArrayList<>();
        lines.add("-- " + nodeName + ", as the superuser in psql");
        List<StandbySpec> standbys = topology.standbysBelow(nodeName);
        Stream.concat(
                        standbys.stream().map(StandbySpec::name),
                        standbys.stream().limit(1).map(standby -> nodeName))
                .forEach(name -> lines.add(
                        HBA + host(topology) + " replication " + Roles.standbyLogin(name) + " all scram-sha-256"));
        NodeSettings.of(topology, node, major).stream()
                .filter(setting -> !TEST_ONLY.contains(setting.name()))
                .forEach(setting -> lines.add("ALTER SYSTEM SET " + Sql.identifier(setting.name()) + " = "
                        + Sql.literal(setting.value()) + ";  -- " + setting.reason()));
        if (topology.tls()) {
            certificates(topology, nodeName, lines);
        }
        connections(topology, node, lines);
        lines.add("-- restart the server, then go on");
        String database = "";
        String reason = "";
        boolean waited = false;
        boolean waitedForSlots = false;
        for (Step step : inOrder(topology, nodeName, major)) {
            String wanted = step.phase() == Step.Phase.DATABASE ? "postgres" : step.database();
            if (!wanted.equals(database)) {
                database = wanted;
                lines.add("\n\\connect " + Sql.identifier(database));
            }
            if (SUBSCRIBES.contains(step.phase()) && !waited) {
                waited = true;
                lines.add("\n-- go on when " + String.join(", ", followed(topology, node)) + " came this far");
            }
            String command = step.command().toString().strip();
            if (command.startsWith(COPIES_SLOT) && !waitedForSlots) {
                waitedForSlots = true;
                lines.add("\n-- go on when " + String.join(", ", followersWithStandbys(topology, nodeName))
                        + " has subscribed");
            }
            if (!step.reason().equals(reason)) {
                reason = step.reason();
                lines.add("\n-- " + reason);
            }
            lines.add(isEnded(step, command) ? command : command + ";");
            if (step.command() instanceof Step.Load load && new ScriptReader(step, load).finds(SETS)) {
                // What it set ends with its connection.
                database = "";
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /** A dump ends in a line of psql's own, or in a comment. */
    private static boolean isEnded(Step step, String command) {
        return step.command() instanceof Step.SetPassword
                || command.endsWith(";")
                || command.lines().reduce("", (before, line) -> line).matches("(\\\\|--).*");
    }

    /** What machines of one's own need besides SQL, so that they let each other in. */
    private static void connections(Topology topology, NodeSpec node, List<String> lines) {
        List<String> followers = topology.nodes().stream()
                .map(NodeSpec::name)
                .filter(other -> topology.node(other).follows(node.name())
                        || topology.standbysBelow(node.name()).stream()
                                .anyMatch(standby -> topology.node(other).follows(standby.name())))
                .toList();
        if (!followers.isEmpty()) {
            lines.add("ALTER SYSTEM SET listen_addresses = '*';  -- other machines connect to it");
        }
        followers.stream()
                // A standby that takes over follows whom its primary has followed.
                .flatMap(other -> Stream.concat(
                        Stream.of(other), topology.standbysBelow(other).stream().map(StandbySpec::name)))
                .forEach(
                        other -> lines.add(HBA + host(topology) + " all " + Roles.login(other) + " all scram-sha-256"));
        followed(topology, node)
                .forEach(other -> lines.add("-- " + login(other, node.name(), Roles.login(node.name()))));
    }

    private static List<String> followersWithStandbys(Topology topology, String publisher) {
        return topology.nodes().stream()
                .filter(node -> node.follows(publisher))
                .map(NodeSpec::name)
                .filter(name -> !topology.standbysBelow(name).isEmpty())
                .toList();
    }

    /** The line that a passfile needs. */
    private static String login(String server, String from, String role) {
        return Peers.byName().passfile(from) + ", mode 0600: " + server + ":5432:*:" + role + ":PASSWORD";
    }

    private static String host(Topology topology) {
        return topology.tls() ? "hostssl" : "host";
    }

    /** Not in the data directory, from which a base backup would carry them to a standby. */
    private static void certificates(Topology topology, String node, List<String> lines) {
        lines.add("ALTER SYSTEM SET ssl_cert_file = " + Sql.literal(CERTIFICATE) + ";  -- of " + node
                + ", signed by the authority whose certificate is in "
                + Peers.byName(topology).rootCertificate(node).orElse(""));
        lines.add("ALTER SYSTEM SET ssl_key_file = " + Sql.literal(KEY) + ";  -- mode 0600");
    }

    private static List<String> followed(Topology topology, NodeSpec node) {
        return topology.names().stream().filter(node::follows).toList();
    }

    private static List<Step> inOrder(Topology topology, String nodeName, int major) {
        List<Step> steps = new ArrayList<>();
        steps.add(new Step(
                nodeName,
                topology.database(),
                Step.Phase.DATABASE,
                "The database that is replicated.",
                new Step.Statement("CREATE DATABASE " + Sql.identifier(topology.database()))));
        steps.addAll(script(topology, major).on(nodeName));
        return steps;
    }
}
