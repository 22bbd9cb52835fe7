package org.pgminicluster.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;

/** Servers that nothing but {@code initdb} has made, each with a shell as on a machine of its own. */
final class BareServers implements AutoCloseable {

    static final String PASSWORD = "typed-by-hand";

    private static final String HOST = "127.0.0.1";
    private static final int MOST_LINES = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The first two lines are those that a reader is told; the others make it quick. */
    private static final String SETTINGS = """
            listen_addresses = '127.0.0.1'
            log_line_prefix = '%m [%p] %b '
            unix_socket_directories = ''
            fsync = off
            shared_buffers = 16MB
            timezone = UTC
            log_timezone = UTC
            wal_retrieve_retry_interval = 50ms
            wal_receiver_status_interval = 1s
            """;

    private final Path programs;
    private final Path directory;
    private final Map<String, Integer> ports = new LinkedHashMap<>();

    private BareServers(Path programs, Path directory) {
        this.programs = programs;
        this.directory = directory;
    }

    /** Makes the data directory that all servers are copies of. */
    static void initialize(Path programs, Path home) throws IOException {
        BareServers first = new BareServers(programs, home);
        first.ports.put("pristine", freePort());
        first.shell("pristine", "initdb --username=postgres --encoding=UTF8 --locale=C --auth=reject --no-sync");
        Path data = first.data("pristine");
        Files.writeString(
                data.resolve("postgresql.conf"), Files.readString(data.resolve("postgresql.conf")) + SETTINGS);
        Files.writeString(data.resolve("pg_hba.conf"), "host all postgres 127.0.0.1/32 trust\n");
    }

    /** Starts a server for each node but the standbys, whose directories are empty. */
    static BareServers start(Path programs, Path home, Path directory, Topology topology) throws IOException {
        BareServers servers = new BareServers(programs, Files.createDirectories(directory));
        Path passfile = Files.writeString(servers.passfile(), "*:*:*:*:" + PASSWORD + "\n");
        Files.setPosixFilePermissions(passfile, PosixFilePermissions.fromString("rw-------"));
        for (NodeSpec node : topology.nodes()) {
            servers.ports.put(node.name(), freePort());
            Files.createDirectories(servers.data(node.name()).getParent());
            servers.shell(node.name(), "cp -a " + home.resolve("pristine/data") + " \"$PGDATA\"");
            servers.shell(node.name(), HandActs.START);
        }
        for (StandbySpec standby : topology.standbys()) {
            servers.ports.put(standby.name(), freePort());
            Files.createDirectories(servers.data(standby.name()).getParent());
        }
        return servers;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(HOST))) {
            return socket.getLocalPort();
        }
    }

    Path passfile() {
        return directory.resolve("passfile");
    }

    private Path data(String node) {
        return directory.resolve(node).resolve("data");
    }

    /** A conninfo for machines of one's own, as it is on this one. */
    String here(String text) {
        String here = text;
        for (Map.Entry<String, Integer> port : ports.entrySet()) {
            here = here.replace(
                    "host=" + port.getKey() + " port=5432 ", "host=" + HOST + " port=" + port.getValue() + " ");
        }
        return here;
    }

    Connection session(String node) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:postgresql://" + HOST + ":" + ports.get(node) + "/rep?user=postgres&sslmode=disable");
    }

    /** The end of each. */
    String logs() {
        return ports.keySet().stream()
                .map(node -> node + ":\n"
                        + log(node)
                                .lines()
                                .skip(Math.max(0, log(node).lines().count() - MOST_LINES))
                                .collect(Collectors.joining("\n")))
                .collect(Collectors.joining("\n"));
    }

    String log(String node) {
        Path log = data(node).resolveSibling("data.log");
        try {
            return Files.exists(log) ? Files.readString(log) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This machine's pg_basebackup may be of a later major than the server, which would not know all that it writes. */
    void forgetYoungerOptions(String standby) {
        shell(
                standby,
                "sed -i -E 's/ (sslsni|sslcertmode|gssdelegation|load_balance_hosts|require_auth|sslnegotiation)=\\w+//g'"
                        + " \"$PGDATA/postgresql.auto.conf\"");
    }

    /** Carries a line of the shell out on a node; it must succeed. */
    void shell(String node, String line) {
        List<String> command = new ArrayList<>();
        if (System.getProperty("user.name", "").equals("root")) {
            // PostgreSQL does not start for root.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of("sh", "-c", line));
        Path output = directory.resolve(node + ".shell");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.put("PATH", programs + ":" + environment.get("PATH"));
        environment.put("PGDATA", data(node).toString());
        environment.put("PGHOST", HOST);
        environment.put("PGPORT", String.valueOf(ports.get(node)));
        environment.put("PGUSER", "postgres");
        environment.put("PGPASSFILE", passfile().toString());
        environment.put("LC_ALL", "C");
        try {
            Process process = builder.start();
            boolean ended = process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            String said = Files.readString(output, StandardCharsets.UTF_8);
            assertThat(ended).as("%s $ %s ends; it says %s", node, line, said).isTrue();
            assertThat(process.exitValue())
                    .as("%s $ %s: %s\n%s", node, line, said, log(node))
                    .isZero();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** They take 40 MB each. */
    @Override
    public void close() {
        ports.keySet()
                .forEach(node -> shell(
                        node,
                        "[ ! -f \"$PGDATA/postmaster.pid\" ] || { p=$(head -n 1 \"$PGDATA/postmaster.pid\");"
                                + " kill -KILL $p $(pgrep -P $p) || true; }; rm -rf \"$PGDATA\""));
    }
}
