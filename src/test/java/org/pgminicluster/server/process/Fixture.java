package org.pgminicluster.server.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.ServerSpec;

/** What the integration tests share: specs of small servers, and a look at what is there of them. */
final class Fixture {

    static final Credentials SUPERUSER = new Credentials("postgres", "not a secret in a test");
    private static final List<String> HBA = List.of("host all all 127.0.0.1/32 scram-sha-256");

    /** What a test does not choose for itself. */
    private static final Set<String> OF_THE_RUN = Set.of("minicluster.postgres", "minicluster.timeout.scale");

    private Fixture() {}

    /** The settings of this run, but with data directories below the test's own directory. */
    static ServerSettings settings(Path directory) {
        return settings(directory, Map.of());
    }

    static ServerSettings settings(Path directory, Map<String, String> others) {
        Properties properties = new Properties();
        System.getProperties().stringPropertyNames().forEach(name -> {
            if (!name.startsWith("minicluster.") || OF_THE_RUN.contains(name)) {
                properties.setProperty(name, System.getProperty(name));
            }
        });
        properties.setProperty("minicluster.tmp", directory.resolve("tmp").toString());
        others.forEach(properties::setProperty);
        return ServerSettings.from(properties);
    }

    static ServerSpec spec(String name) {
        return spec(name, Map.of(), 0);
    }

    static ServerSpec spec(String name, Map<String, String> settings, int port) {
        return new ServerSpec(name, "rep", SUPERUSER, settings, HBA, List.of("*:*:*:replicator:pass"), port);
    }

    static ServerSpec spec(String name, String database, Credentials superuser, List<String> hba) {
        return new ServerSpec(name, database, superuser, Map.of(), hba, List.of(), 0);
    }

    static Connection connect(PgServer server) throws SQLException {
        return connect(server, "rep", SUPERUSER);
    }

    static Connection connect(PgServer server, String database, Credentials user) throws SQLException {
        return Connections.open(
                server.clientAddress(), database, user, "test", Duration.ofSeconds(60), Duration.ofSeconds(60));
    }

    /** One that soon gives up on a server that does not answer. */
    static Connection connectImpatiently(PgServer server) throws SQLException {
        return Connections.open(
                server.clientAddress(), "rep", SUPERUSER, "test", Duration.ofSeconds(60), Duration.ofSeconds(2));
    }

    /** Runs it and returns the first column of the first row, or an empty text if there is no row. */
    static String sql(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            boolean rows = statement.execute(sql);
            if (!rows) {
                return "";
            }
            try (ResultSet result = statement.getResultSet()) {
                return result.next() ? String.valueOf(result.getString(1)) : "";
            }
        }
    }

    static String sql(PgServer server, String sql) throws SQLException {
        try (Connection connection = connect(server)) {
            return sql(connection, sql);
        }
    }

    static Path data(PgServer server) {
        return Path.of(server.passfile()).resolveSibling("data");
    }

    /** The postmaster and everything below it. */
    static Set<ProcessHandle> processes(PgServer server) {
        return processes(data(server));
    }

    static ProcessHandle postmaster(Path data) {
        return ProcessHandle.of(PostmasterPid.read(data).pid().orElseThrow()).orElseThrow();
    }

    /** Some of them, such as a backend whose client has just gone, may end by themselves. */
    static Set<ProcessHandle> processes(Path data) {
        ProcessHandle postmaster = postmaster(data);
        Set<ProcessHandle> all = new LinkedHashSet<>(Set.of(postmaster));
        postmaster.descendants().forEach(all::add);
        return all;
    }

    static List<Path> runs(ServerSettings settings) throws IOException {
        ProcessServers.emptyStocks();
        try (Stream<Path> files = Files.list(settings.temporary())) {
            return files.filter(file -> file.getFileName().toString().startsWith("run-"))
                    .toList();
        }
    }
}
