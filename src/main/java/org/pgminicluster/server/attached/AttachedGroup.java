package org.pgminicluster.server.attached;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.PostgresVersion;
import org.pgminicluster.server.Readiness;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.process.LocalPrograms;

/** Finds the servers where they are said to be, and closes none of them. */
final class AttachedGroup implements ServerGroup {

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final String NO_DATABASE = "3D000";

    /** No two servers of one system identifier were started at the same microsecond. */
    private static final String IDENTITY =
            "SELECT (SELECT system_identifier FROM pg_control_system()) || ' ' || pg_postmaster_start_time()";

    private final Map<String, Attached> servers;
    private final ServerSettings settings;
    private final Path logs;
    private final SharedFiles files = new SharedFiles();

    AttachedGroup(Map<String, Attached> servers, ServerSettings settings, Path logs) {
        this.servers = servers;
        this.settings = settings;
        this.logs = logs;
    }

    private record Found(PgServer server, String identity) {}

    @Override
    public List<PgServer> start(List<ServerSpec> specs) {
        LocalPrograms programs = LocalPrograms.of(settings);
        List<Found> found = InParallel.map(specs, spec -> find(spec, programs));
        requireDifferent(found);
        return found.stream().map(Found::server).toList();
    }

    private Found find(ServerSpec spec, LocalPrograms programs) {
        Attached attached = servers.get(spec.name());
        if (attached == null) {
            throw new IllegalStateException("no server for " + spec.name());
        }
        for (String database : List.of(spec.database(), "postgres", "template1")) {
            try (Connection connection = Connections.open(
                    attached.address(),
                    database,
                    attached.login(),
                    "pg-minicluster attach",
                    settings.scaled(PATIENCE),
                    settings.scaled(PATIENCE))) {
                PostgresVersion version = Readiness.versionOf(connection);
                return new Found(
                        new AttachedServer(spec.name(), attached, version, log(spec.name(), attached), programs, files),
                        identity(connection));
            } catch (SQLException e) {
                if (!NO_DATABASE.equals(e.getSQLState())) {
                    throw Refusal.of(spec.name(), attached, e);
                }
            }
        }
        throw new EnvironmentException("expected " + spec.name() + " at " + attached.address() + " to have a database "
                + spec.database() + ", postgres or template1 to begin in, but has none; make one of them there");
    }

    private static String identity(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(IDENTITY)) {
            result.next();
            return result.getString(1);
        }
    }

    private ServerLog log(String name, Attached attached) {
        Path file = logs.resolve(name + ".log");
        try {
            Files.writeString(
                    file,
                    "What " + name + " logs is with its server at " + attached.address() + ", and not read here.\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ServerLog(file);
    }

    private static void requireDifferent(List<Found> found) {
        Map<String, List<Found>> byIdentity =
                found.stream().collect(Collectors.groupingBy(Found::identity, LinkedHashMap::new, Collectors.toList()));
        byIdentity.values().stream().filter(same -> same.size() > 1).findFirst().ifPresent(same -> {
            throw new EnvironmentException("expected the nodes to be different servers, but "
                    + same.stream().map(one -> one.server().toString()).collect(Collectors.joining(", "))
                    + " are one and the same; give each node a server of its own");
        });
    }

    @Override
    public void close() {
        files.delete();
    }
}
