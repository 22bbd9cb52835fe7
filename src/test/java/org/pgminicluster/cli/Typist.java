package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.session.Session;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.Topology;

/** A cluster, the commands of the daemon on it, and somebody who types what they say that a person would type. */
final class Typist implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Pattern TYPED = Pattern.compile("(?ms)^(?:/\\* (\\S+) # \\*/ (.*?);|\\$ (.*?)|-- .*?)$");

    private final MiniCluster cluster;
    private final RunningCluster running;
    private final DaemonConversation daemon;
    private final Path directory;

    Typist(Topology topology, Path directory) {
        Properties properties = new Properties();
        properties.putAll(System.getProperties());
        properties.setProperty("minicluster.directory", directory.toString());
        ServerSettings settings = ServerSettings.from(properties);
        this.directory = directory;
        this.cluster = MiniCluster.of(topology)
                .name(ClusterDirectory.NAME)
                .settings(settings)
                .start();
        this.running = new RunningCluster(cluster, settings, "2026-01-01T00:00:00Z");
        this.daemon = new DaemonConversation(running);
    }

    MiniCluster cluster() {
        return cluster;
    }

    /** Has the daemon do it, and returns what it prints. */
    String command(String line) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Request request = new Request("", List.of(line.split(" ")), 80, false, false, true);
        Terminal terminal = Terminal.elsewhere(request, out, err);
        int exit = daemon.carryOut(request, terminal);
        terminal.out().flush();
        assertThat(exit).as("%s: %s %s", line, out, err).isZero();
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Types all that was printed as typed, at the prompts that it was printed behind. */
    void type(String printed) throws Exception {
        Map<String, Session> sessions = new HashMap<>();
        try {
            Matcher typed = TYPED.matcher(printed);
            while (typed.find()) {
                if (typed.group(1) != null) {
                    Session session = sessions.computeIfAbsent(typed.group(1), this::session);
                    try (Statement statement = session.connection().createStatement()) {
                        statement.execute(typed.group(2));
                    }
                } else if (typed.group(3) != null) {
                    // It may have been for the server at the other end of one.
                    sessions.values().forEach(Session::close);
                    sessions.clear();
                    shell(typed.group(3));
                }
            }
        } finally {
            sessions.values().forEach(Session::close);
        }
    }

    /** Somebody who has started a server waits until it lets one in. */
    private Session session(String node) {
        return await().atMost(PATIENCE)
                .ignoreException(SqlFailedException.class)
                .until(() -> cluster.node(node).session(), session -> true);
    }

    String shell(String line) throws IOException, InterruptedException {
        Process process = new ProcessBuilder("sh", "-c", line)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(directory.resolve("shell").toFile())
                .start();
        assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .as(line)
                .isTrue();
        String said = java.nio.file.Files.readString(directory.resolve("shell"));
        assertThat(process.exitValue()).as("%s: %s", line, said).isZero();
        return said;
    }

    /** What faults change on a node, asked over a connection of its own, since the library may think that it is down. */
    private List<String> state(Node node) {
        String query = "SELECT 'recovery ' || pg_is_in_recovery()"
                + " UNION ALL SELECT 'kept for slots ' || current_setting('max_slot_wal_keep_size', true)"
                + " UNION ALL SELECT 'workers ' || current_setting('max_logical_replication_workers')"
                + " UNION ALL SELECT 'refused ' || array_to_string(database, ',') || ' ' || array_to_string(user_name, ',')"
                + " FROM pg_hba_file_rules WHERE auth_method = 'reject'"
                + " UNION ALL SELECT 'slot ' || slot_name || CASE WHEN active THEN ' in use' ELSE ' idle' END"
                + " FROM pg_replication_slots"
                + " UNION ALL SELECT 'fed ' || application_name || ' as ' || usename FROM pg_stat_replication"
                + " WHERE state = 'streaming'"
                + " UNION ALL SELECT 'subscription ' || subname || ' by ' || subslotname || CASE WHEN subenabled THEN ' on'"
                + " ELSE ' off' END FROM pg_subscription"
                + " ORDER BY 1";
        try (var connection = Connections.open(
                        node.address(), node.database(), cluster.superuser(), "look", CONNECT, CONNECT);
                Statement statement = connection.createStatement();
                var rows = statement.executeQuery(query)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        } catch (SQLException e) {
            return List.of("down");
        }
    }

    Map<String, List<String>> state() {
        Map<String, List<String>> all = new TreeMap<>();
        cluster.nodes().forEach(node -> all.put(node.name(), state(node)));
        return all;
    }

    /** Once it stays the same: workers come back a moment later. */
    Map<String, List<String>> settled() {
        List<Map<String, List<String>>> seen = new ArrayList<>();
        await().pollInterval(Duration.ofMillis(300)).atMost(PATIENCE).until(() -> {
            seen.add(state());
            int size = seen.size();
            return size > 3
                    && seen.get(size - 1).equals(seen.get(size - 2))
                    && seen.get(size - 1).equals(seen.get(size - 3));
        });
        return seen.get(seen.size() - 1);
    }

    void awaitState(Map<String, List<String>> expected) {
        await().atMost(PATIENCE).untilAsserted(() -> assertThat(state()).isEqualTo(expected));
    }

    /** What was started by hand is ended by hand. */
    void endByHand(String node) throws Exception {
        if (cluster.servers() == ServerKind.PROCESS) {
            shell(running.byHand().server(node).kill().text());
        }
    }

    @Override
    public void close() {
        daemon.close();
        try {
            cluster.close();
        } catch (MiniClusterException e) {
            throw new AssertionError("the cluster could not be closed", e);
        }
    }
}
