package org.pgminicluster.server.container;

import com.github.dockerjava.api.DockerClient;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.ServerSpec;
import org.testcontainers.DockerClientFactory;

/** What the tests of containers share: specs, a session, a look at what the engine holds. */
final class Fixture {

    static final ServerSettings SETTINGS = ServerSettings.fromSystemProperties();
    static final Credentials SUPERUSER = new Credentials("postgres", "correct-horse");
    static final String PASSFILE_SECRET = "battery-staple";

    private Fixture() {}

    static ServerGroup open(String name) {
        return new ContainerServers(SETTINGS).open(name, logs(name));
    }

    static Path logs(String name) {
        return SETTINGS.directory().resolve("containers").resolve(name);
    }

    static ServerSpec spec(String name) {
        return spec(name, Map.of(), 0);
    }

    static ServerSpec spec(String name, Map<String, String> more, int port) {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put("wal_level", "logical");
        settings.put("fsync", "off");
        settings.put("shared_buffers", "16MB");
        settings.putAll(more);
        return new ServerSpec(
                name,
                "rep",
                SUPERUSER,
                settings,
                List.of("host all all all scram-sha-256"),
                List.of("*:*:*:replicator:" + PASSFILE_SECRET),
                port);
    }

    /** The first column of the first row. */
    static String query(PgServer server, String sql) throws SQLException {
        return query(server, "rep", SUPERUSER, sql);
    }

    static String query(PgServer server, String database, Credentials user, String sql) throws SQLException {
        try (Connection connection = connect(server, database, user);
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }

    static void execute(PgServer server, String sql) throws SQLException {
        try (Connection connection = connect(server, "rep", SUPERUSER);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static ConditionFactory await() {
        return Awaitility.await().atMost(SETTINGS.scaled(Duration.ofSeconds(20)));
    }

    static Connection connect(PgServer server, String database, Credentials user) throws SQLException {
        Duration patience = SETTINGS.scaled(Duration.ofSeconds(3));
        return Connections.open(server.clientAddress(), database, user, "test", patience, patience);
    }

    static DockerClient docker() {
        return DockerClientFactory.instance().client();
    }

    static Engine engine() throws Unavailable {
        return Engine.connect(EngineProbe.ofThisMachine(), SETTINGS);
    }

    /** For lambdas. */
    static Engine unchecked() {
        try {
            return engine();
        } catch (Unavailable e) {
            throw e.asFailure();
        }
    }

    /** How many of the things that the group of this name, and only this one, holds at the engine. */
    static Holdings holdings(String group) {
        Behind.await();
        return new Holdings(
                (int) docker().listContainersCmd().withShowAll(true).exec().stream()
                        .filter(container -> ContainersLeft.isOf(container, group))
                        .count(),
                docker().listNetworksCmd()
                        .withFilter("label", List.of(EngineLabels.GROUP + "=" + group))
                        .exec()
                        .size());
    }

    record Holdings(int containers, int networks) {
        static final Holdings NONE = new Holdings(0, 0);
    }
}
