package org.pgminicluster.lab;

import static org.pgminicluster.lab.HandActs.shell;
import static org.pgminicluster.lab.HandActs.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.pgminicluster.runtime.LoginRules;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.script.Peers;
import org.pgminicluster.script.Roles;
import org.pgminicluster.script.Script;
import org.pgminicluster.script.Setting;
import org.pgminicluster.script.Sql;
import org.pgminicluster.script.Step;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;

/** What is typed on bare servers to make the cluster on which a problem happens. */
final class PageStage {

    /** Those without which it does not work; all others are about the speed and the size of test servers. */
    private static final Set<String> NEEDED = Set.of("wal_level", "password_encryption");

    private static final String OWN = "set by the topology";

    private final Topology topology;
    private final List<String> lines = new ArrayList<>();

    private PageStage(Topology topology) {
        this.topology = topology;
    }

    static List<String> of(Topology topology) {
        PageStage stage = new PageStage(topology);
        topology.nodes().forEach(stage::server);
        Script.of(topology, Peers.byName()).steps().stream()
                // Long, and of use only when tables come later, which a page says by itself.
                .filter(step -> step.phase() != Step.Phase.UPKEEP)
                .forEach(stage::step);
        return stage.lines;
    }

    private void server(NodeSpec node) {
        String name = node.name();
        lines.add(shell(name, "createdb rep"));
        settings(NodeSettings.of(topology, node))
                .forEach(setting -> lines.add(sql(
                        name,
                        "ALTER SYSTEM SET " + Sql.identifier(setting.name()) + " = " + Sql.literal(setting.value())
                                + ";")));
        logins(node).forEach(line -> lines.add(shell(name, "echo \"" + line + "\" >> \"$PGDATA/pg_hba.conf\"")));
        lines.add(shell(name, "pg_ctl -w -l \"$PGDATA.log\" restart"));
    }

    private static List<Setting> settings(List<Setting> all) {
        return all.stream()
                .filter(setting -> NEEDED.contains(setting.name())
                        || setting.reason().equals(OWN)
                        || setting.name().equals(NodeSettings.WORKERS)
                                && setting.value().equals("0"))
                .toList();
    }

    private Stream<String> logins(NodeSpec node) {
        boolean followed = topology.nodes().stream().anyMatch(other -> other.follows(node.name())) || node.publishes();
        Stream<String> followers =
                followed ? Stream.of("host rep +" + Roles.GROUP + " all scram-sha-256") : Stream.of();
        Stream<String> standbys = topology.standbysOf(node.name()).isEmpty()
                ? Stream.of()
                : LoginRules.pair(topology, node.name()).stream()
                        .map(other -> "host replication " + Roles.standbyLogin(other) + " all scram-sha-256");
        return Stream.concat(followers, standbys);
    }

    private void step(Step step) {
        if (step.command() instanceof Step.BaseBackup) {
            lines.add(shell(step.node(), step.command().toString()));
            StandbySpec standby = topology.standby(step.node()).orElseThrow();
            List<Setting> primary = settings(NodeSettings.of(topology, topology.node(standby.primary())));
            settings(NodeSettings.of(topology, standby, 0)).stream()
                    .filter(setting -> !primary.contains(setting))
                    .forEach(setting -> lines.add(shell(
                            step.node(),
                            "echo \"" + setting.name() + " = " + Sql.literal(setting.value())
                                    + "\" >> \"$PGDATA/postgresql.auto.conf\"")));
            lines.add(shell(step.node(), HandActs.START));
        } else {
            if (step.phase() == Step.Phase.STANDBY) {
                awaitCopies();
            }
            String command = step.command().toString().strip();
            boolean whole = command.endsWith(";") || step.command() instanceof Step.SetPassword;
            lines.add(sql(step.node(), whole ? command : command + ";"));
        }
    }

    /** A standby begins with all that its primary has copied. */
    private void awaitCopies() {
        topology.nodes().stream()
                .flatMap(node -> node.databases().stream()
                        .flatMap(database -> database.subscriptions().stream())
                        .map(subscription -> "-- wait for every table of subscription " + subscription.name() + " on "
                                + node.name() + " to be synced"))
                .filter(line -> !lines.contains(line))
                .forEach(lines::add);
    }
}
