package org.pgminicluster.server;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;

/** Opens JDBC connections with timeouts, so that nobody waits for ever on a server that is frozen or gone. */
public final class Connections {

    private Connections() {}

    /**
     * @param applicationName what {@code pg_stat_activity} and the server's log will show
     * @param connectTimeout for connecting and logging in, and for telling the server to cancel, rounded up to whole
     *     seconds
     * @param socketTimeout for every read afterwards, rounded up to whole seconds; zero waits for ever
     */
    public static Connection open(
            Address address,
            String database,
            Credentials credentials,
            String applicationName,
            Duration connectTimeout,
            Duration socketTimeout)
            throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", credentials.user());
        properties.setProperty("password", credentials.password());
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("connectTimeout", seconds(connectTimeout));
        properties.setProperty("loginTimeout", seconds(connectTimeout));
        properties.setProperty("cancelSignalTimeout", seconds(connectTimeout));
        properties.setProperty("socketTimeout", seconds(socketTimeout));
        properties.setProperty("sslmode", "disable");
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("tcpKeepAlive", "true");
        // The driver decodes the path, so a database may have any name.
        String path = URLEncoder.encode(database, StandardCharsets.UTF_8);
        return DriverManager.getConnection("jdbc:postgresql://" + address + "/" + path, properties);
    }

    private static String seconds(Duration duration) {
        return Long.toString(duration.plusMillis(999).toSeconds());
    }
}
