package org.pgminicluster.lab.check;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.Connections;
import org.pgminicluster.session.Session;

/** Gets into servers of others; what keeps it out is said in a sentence. */
final class Login {

    private static final String NO_DATABASE = "3D000";
    private static final String NO_PASSWORD = "08004";
    private static final String WRONG_PASSWORD = "28P01";
    private static final String PATIENCE_SECONDS = "3";
    private static final Duration STATEMENT = Duration.ofSeconds(4);

    /** Where to begin while the homework's own database is not known. */
    private static final List<String> MAINTENANCE = List.of(Survey.MAINTENANCE, "template1");

    private final PasswordPrompt prompt;

    Login(PasswordPrompt prompt) {
        this.prompt = prompt;
    }

    /**
     * A session, in the database that is wanted or in one where all databases are listed.
     *
     * @param node the way there, with the password if one was typed
     */
    record Entered(CheckedNode node, Session session, String database) {}

    Entered enter(CheckedNode node) {
        if (node.database() != null) {
            Optional<Entered> entered = enter(node, node.database());
            if (entered.isPresent()) {
                return entered.get();
            }
        }
        for (String database : MAINTENANCE) {
            Optional<Entered> entered = enter(node, database);
            if (entered.isPresent()) {
                return entered.get();
            }
        }
        throw new EnvironmentException("expected " + node + " to have a database " + String.join(" or ", MAINTENANCE)
                + " to begin in, but has none; name the homework's in the address");
    }

    /** Empty if there is no such database. */
    Optional<Entered> enter(CheckedNode node, String database) {
        try {
            return Optional.of(entered(node, database));
        } catch (SQLException e) {
            if (NO_DATABASE.equals(e.getSQLState())) {
                return Optional.empty();
            }
            boolean wanted = NO_PASSWORD.equals(e.getSQLState())
                    || WRONG_PASSWORD.equals(e.getSQLState()) && node.password() == null;
            Optional<String> typed = wanted ? asked(node) : Optional.empty();
            if (typed.isPresent()) {
                return enter(node.withPassword(typed.get()), database);
            }
            throw keptOut(node, e);
        }
    }

    private synchronized Optional<String> asked(CheckedNode node) {
        return node.password() == null ? prompt.ask(node) : Optional.empty();
    }

    private static Entered entered(CheckedNode node, String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("gssEncMode", "disable");
        node.parameters().forEach(properties::setProperty);
        properties.setProperty("user", node.user());
        if (node.password() != null) {
            properties.setProperty("password", node.password());
        }
        properties.setProperty("ApplicationName", "minicluster check");
        properties.setProperty("connectTimeout", PATIENCE_SECONDS);
        properties.setProperty("loginTimeout", PATIENCE_SECONDS);
        properties.setProperty("cancelSignalTimeout", PATIENCE_SECONDS);
        properties.setProperty("socketTimeout", "10");
        Connection connection = DriverManager.getConnection(Connections.url(node.address(), database), properties);
        Session session = new Session(node.name(), database, connection, event -> {}, STATEMENT);
        session.execute("SET statement_timeout = '4s'; SET lock_timeout = '1s'; SET datestyle = 'ISO'");
        return new Entered(node, session, database);
    }

    private static EnvironmentException keptOut(CheckedNode node, SQLException e) {
        @Nullable String state = e.getSQLState();
        String said = said(e);
        if (NO_PASSWORD.equals(state) || WRONG_PASSWORD.equals(state)) {
            return new EnvironmentException("expected " + node + " to let the role " + node.user() + " in, but "
                    + (NO_PASSWORD.equals(state)
                            ? "a password is asked for and none was given"
                            : "was refused (" + said + ")")
                    + "; give the password by PGPASSFILE, ~/.pgpass, PGPASSWORD or at the prompt of a terminal");
        }
        if (state != null && state.startsWith("28")) {
            return new EnvironmentException("expected " + node + " to let the role " + node.user()
                    + " in, but was refused (" + said + "); look at its pg_hba.conf and its roles");
        }
        return new EnvironmentException("expected " + node + " to be reachable, but was not (" + said
                + "); look whether the server runs, listens at that address and lets this machine in");
    }

    /** The driver's advice is for programmers. */
    private static String said(SQLException e) {
        String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
        return message.replaceFirst("^FATAL: ", "")
                .replaceFirst("(refused|failed)\\. Check that .*", "$1")
                .replaceFirst("\\.$", "");
    }
}
