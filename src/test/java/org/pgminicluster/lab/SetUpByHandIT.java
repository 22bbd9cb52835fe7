package org.pgminicluster.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.RequiresProgram;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.script.PsqlScript;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;

/** What a report says is typed to set the cluster up, on servers that nothing but initdb has made. */
@Order(2)
@RequiresStandbys
@RequiresProgram({"psql", "pg_basebackup"})
class SetUpByHandIT {

    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String HBA = "-- pg_hba.conf: ";
    private static final String RESTART = "-- restart the server, then go on\n";
    private static final String AUTO_CONF = "# into postgresql.auto.conf, and then start the server\n";

    @TempDir
    private Path directory;

    private int major;

    /** Where the binaries of a server of this run are. */
    private Path programs() throws IOException {
        Topology one = Topology.named("any server").node("any", node -> {}).build();
        try (MiniCluster cluster =
                MiniCluster.of(one).name("set-up-by-hand").bare().start()) {
            assumeTrue(cluster.servers() == ServerKind.PROCESS, "it is about shells and files, not about an engine's");
            Node any = cluster.node("any");
            major = any.version().major();
            Path data = Path.of(String.valueOf(
                    any.query("SELECT current_setting('data_directory')").value()));
            String started = Files.readString(data.resolve("postmaster.opts"));
            return Path.of(started.split(" ")[0].replace("\"", "")).resolveSibling(".");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void it_can_be_typed_from_top_to_bottom(boolean guarded) throws Exception {
        Topology topology = guarded ? HomeworkTopology.withGuardedStandby() : HomeworkTopology.withStandby();
        Path programs = programs();
        BareServers.initialize(programs, directory);
        try (BareServers bare = BareServers.start(programs, directory, directory.resolve("servers"), topology)) {
            Hand hand = new Hand(bare, directory, major);
            hand.type(topology);

            hand.write("vm1", "INSERT INTO test VALUES (1, 'from vm1')");
            hand.write("vm2", "INSERT INTO test2 VALUES (2, 'from vm2')");
            for (String node : topology.names()) {
                hand.awaitRow(node, "test", "from vm1");
                hand.awaitRow(node, "test2", "from vm2");
            }
            assertThatThrownBy(() -> hand.write("vm1", "INSERT INTO test2 VALUES (3, 'from vm1')"))
                    .hasMessageContaining("Cannot modify table.");
            assertThatThrownBy(() -> hand.write("vm4", "INSERT INTO test VALUES (3, 'from vm4')"))
                    .hasMessageContaining("cannot execute INSERT in a read-only transaction");
            assertThat(hand.value("vm1", "SELECT count(*) FROM pg_replication_slots WHERE slot_name LIKE 'failover%'"))
                    .isEqualTo(guarded ? "1" : "0");
        }
    }

    /** Somebody who types. */
    private record Hand(BareServers servers, Path directory, int major) {

        /** Node by node, as far as each says before it waits for others. */
        void type(Topology topology) throws IOException {
            Map<String, List<String>> rest = new LinkedHashMap<>();
            for (NodeSpec node : topology.nodes()) {
                String[] halves = PsqlScript.of(topology, node.name(), major).split(RESTART);
                typeSettings(node.name(), halves[0]);
                rest.put(node.name(), new ArrayList<>(List.of(halves[1].split("\n-- go on when .*\n"))));
            }
            for (int part = 0; rest.values().stream().anyMatch(parts -> !parts.isEmpty()); part++) {
                for (Map.Entry<String, List<String>> parts : rest.entrySet()) {
                    if (!parts.getValue().isEmpty()) {
                        String connect = part == 0 ? "" : "\\connect " + topology.database() + "\n";
                        typeInPsql(parts.getKey(), connect + parts.getValue().remove(0));
                    }
                }
            }
            for (StandbySpec standby : topology.standbys()) {
                typeStandby(standby.name(), PsqlScript.of(topology, standby.name(), major));
            }
        }

        private void typeSettings(String node, String text) throws IOException {
            text.lines()
                    .filter(line -> line.startsWith(HBA))
                    .forEach(line -> servers.shell(
                            node, "echo '" + line.substring(HBA.length()) + "' >> \"$PGDATA/pg_hba.conf\""));
            // Other machines are this one.
            typeInPsql(node, text.replace("listen_addresses = '*'", "listen_addresses = '127.0.0.1'"));
            servers.shell(node, "pg_ctl -w -m fast -l \"$PGDATA.log\" restart");
        }

        private void typeInPsql(String node, String text) throws IOException {
            Path file = directory.resolve(node + ".sql");
            Files.writeString(
                    file,
                    ready(text)
                            .replaceAll(
                                    "(?m)^\\\\password (\\S+)$",
                                    "ALTER ROLE $1 PASSWORD '" + BareServers.PASSWORD + "';"));
            servers.shell(node, "psql --no-psqlrc --set=ON_ERROR_STOP=1 --dbname=postgres --file=" + file);
        }

        private void typeStandby(String node, String text) {
            String[] halves = text.split(AUTO_CONF);
            halves[0]
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .forEach(line -> {
                        servers.shell(node, ready(line));
                        servers.forgetYoungerOptions(node);
                    });
            List<String> commands = new ArrayList<>();
            for (String line : halves[1].lines().filter(it -> !it.isBlank()).toList()) {
                if (line.startsWith("psql ")) {
                    commands.add(line);
                } else if (!line.startsWith("#")) {
                    servers.shell(node, "cat >> \"$PGDATA/postgresql.auto.conf\" <<'END'\n" + line + "\nEND");
                }
            }
            servers.shell(node, "pg_ctl -w -l \"$PGDATA.log\" start");
            commands.forEach(line -> servers.shell(node, ready(line)));
        }

        /** On this machine, where one passfile is for all. */
        private String ready(String text) {
            return servers.here(text)
                    .replace("/var/lib/postgresql/.pgpass", servers.passfile().toString());
        }

        void write(String node, String sql) throws SQLException {
            try (Connection session = servers.session(node);
                    Statement statement = session.createStatement()) {
                statement.execute(sql);
            }
        }

        String value(String node, String sql) throws SQLException {
            try (Connection session = servers.session(node);
                    Statement statement = session.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                return rows.next() ? String.valueOf(rows.getString(1)) : "";
            }
        }

        void awaitRow(String node, String table, String name) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(value(node, "SELECT name FROM " + table))
                            .as(() -> node + "\n" + servers.logs())
                            .isEqualTo(name));
        }
    }
}
