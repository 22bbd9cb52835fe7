package org.pgminicluster.server;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
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
        if (!credentials.password().isEmpty()) {
            // Without one the driver looks into the user's password file.
            properties.setProperty("password", credentials.password());
        }
        properties.setProperty("ApplicationName", applicationName);
        properties.setProperty("connectTimeout", seconds(connectTimeout));
        properties.setProperty("loginTimeout", seconds(connectTimeout));
        properties.setProperty("cancelSignalTimeout", seconds(connectTimeout));
        properties.setProperty("socketTimeout", seconds(socketTimeout));
        if (address.rootCertificate().isEmpty()) {
            properties.setProperty("sslmode", "disable");
        }
        properties.setProperty("gssEncMode", "disable");
        properties.setProperty("tcpKeepAlive", "true");
        return DriverManager.getConnection(url(address, database), properties);
    }

    /** Where a database is, for JDBC, and by what its server is known if it speaks TLS. */
    public static String url(Address address, String database) {
        // The driver decodes the path, so a database may have any name.
        String url = "jdbc:postgresql://" + address + "/" + encoded(database);
        Map<String, String> verified = verifying(address);
        return verified.isEmpty()
                ? url
                : verified.entrySet().stream()
                        .map(parameter -> parameter.getKey() + "=" + parameter.getValue())
                        .collect(Collectors.joining("&", url + "?", ""));
    }

    /**
     * The parameters of a URL by which the driver makes sure that it speaks to that very server; none without TLS.
     *
     * @see <a href="https://jdbc.postgresql.org/documentation/ssl/">Using SSL</a>
     */
    public static Map<String, String> verifying(Address address) {
        Map<String, String> parameters = new LinkedHashMap<>();
        address.rootCertificate().ifPresent(file -> {
            parameters.put("sslmode", "verify-full");
            parameters.put("sslrootcert", encoded(file.toString()));
        });
        return parameters;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
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
