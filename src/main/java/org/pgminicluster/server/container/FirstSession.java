package org.pgminicluster.server.container;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.Passwords;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.tls.Authority;
import org.pgminicluster.server.tls.Identity;

/**
 * The first session of a server fresh from the template: makes it the one that its spec describes. Until then the
 * server lets only this session in. Files are written by the server itself, for which a copy through the engine would
 * take longer than all the rest; passwords travel as bind parameters, and the session logs nothing of them.
 */
final class FirstSession {

    /** Works under any settings that the caller may have given. */
    private static final String PREPARE = "SELECT set_config('log_statement', 'none', false),"
            + " set_config('log_min_duration_statement', '-1', false), set_config('statement_timeout', '0', false),"
            + " set_config('default_transaction_read_only', 'off', false),"
            + " set_config('synchronous_commit', 'local', false)";

    /** A format in which no character is special but the end of a line. */
    private static final String VERBATIM = "(FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02', NULL E'\\x03')";

    private static final Duration RELOAD = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(1);

    private final Connection connection;

    private FirstSession(Connection connection) {
        this.connection = connection;
    }

    /**
     * The connection is one of {@code postgres} to the database {@code postgres}. When it returns, a server with TLS has its
     * own certificate.
     *
     * @param host by which this JVM calls the server
     */
    static void apply(Connection connection, ServerSpec spec, String host) throws SQLException {
        FirstSession session = new FirstSession(connection);
        session.execute(PREPARE);
        session.nameDatabase(spec.database());
        session.makeSuperuser(spec.superuser());
        session.write(Layout.PASSFILE, spec.passfile());
        if (spec.tls().isPresent()) {
            session.writeIdentity(spec.tls().get().authority(), spec.name(), host);
        }
        session.write(Layout.HBA, Layout.hba(spec.hba()));
        session.checkHba(spec);
        session.reload();
    }

    private void nameDatabase(String name) throws SQLException {
        if (name.equals("postgres")) {
            execute("DROP DATABASE " + TemplateImage.DATABASE);
        } else if (!name.equals(TemplateImage.DATABASE)) {
            execute(formatted("ALTER DATABASE " + TemplateImage.DATABASE + " RENAME TO %I", name));
        }
    }

    /** {@code postgres} cannot be renamed by itself; if it is not the one it stays, but without a password. */
    private void makeSuperuser(Credentials superuser) throws SQLException {
        String verifier = Passwords.scramVerifier(superuser.password());
        if (superuser.user().equals(TemplateImage.SUPERUSER)) {
            execute(formatted("ALTER ROLE " + TemplateImage.SUPERUSER + " PASSWORD %L", verifier));
        } else {
            execute(formatted(
                    "CREATE ROLE %I LOGIN SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS PASSWORD %L",
                    superuser.user(), verifier));
            execute("ALTER ROLE " + TemplateImage.SUPERUSER + " PASSWORD NULL");
        }
    }

    /** The files are in the template with the right owner and mode, and COPY keeps both. */
    private void write(String file, List<String> lines) throws SQLException {
        if (lines.isEmpty()) {
            return;
        }
        value("SELECT set_config('pg_minicluster.lines', ?, false)", String.join("\n", lines));
        execute("COPY (SELECT unnest(string_to_array(current_setting('pg_minicluster.lines'), E'\\n'))) TO '" + file
                + "' " + VERBATIM);
    }

    private void writeIdentity(Authority authority, String server, String host) throws SQLException {
        Identity identity = authority.issue(server, List.of(host));
        write(Layout.CERTIFICATE, identity.certificate().lines().toList());
        write(Layout.KEY, identity.key().lines().toList());
        write(Layout.ROOT_CERTIFICATE, authority.certificate().lines().toList());
    }

    /** With a line that is wrong the server would silently go on with the old ones. */
    private void checkHba(ServerSpec spec) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet wrong = statement.executeQuery(
                        "SELECT line_number, error FROM pg_hba_file_rules WHERE error IS NOT NULL")) {
            if (wrong.next()) {
                throw new MiniClusterException("expected the line \""
                        + Layout.hba(spec.hba()).get(wrong.getInt(1) - 1) + "\" of pg_hba.conf of " + spec.name()
                        + " to be valid, but was not: " + wrong.getString(2));
            }
        }
    }

    /**
     * Returns when the new lines are in force. The postmaster tells its children to reload when it has begun to do so
     * itself, and accepts the next connection when it is done.
     */
    private void reload() throws SQLException {
        String before = value("SELECT pg_conf_load_time()::text");
        execute("SELECT pg_reload_conf()");
        Awaitility.await("reload of the configuration")
                .pollInSameThread()
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .atMost(RELOAD)
                .until(() -> !value("SELECT pg_conf_load_time()::text").equals(before));
    }

    /** Quoted by the server itself. */
    private String formatted(String statement, String... values) throws SQLException {
        return value("SELECT format('" + statement + "'" + ", ?::text".repeat(values.length) + ")", values);
    }

    private String value(String query, String... parameters) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet result = statement.executeQuery()) {
                result.next();
                return result.getString(1);
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
