package org.pgminicluster.server;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import javax.sql.DataSource;
import org.apiguardian.api.API;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens JDBC connections with timeouts, so that nobody waits for ever on a server that is frozen or gone. */
@API(status = API.Status.INTERNAL)
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
        return DriverManager.getConnection(url(address, database), properties);
    }

    /** Where a database is, for JDBC. */
    public static String url(Address address, String database) {
        // The driver decodes the path, so a database may have any name.
        return "jdbc:postgresql://" + address + "/" + URLEncoder.encode(database, StandardCharsets.UTF_8);
    }

    /** For those who open connections themselves; it keeps none. */
    public static DataSource dataSource(Address address, String database, Credentials credentials) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url(address, database));
        source.setUser(credentials.user());
        source.setPassword(credentials.password());
        source.setApplicationName("pg-minicluster data source");
        return source;
    }

    private static String seconds(Duration duration) {
        return Long.toString(duration.plusMillis(999).toSeconds());
    }
}
