package org.pgminicluster.server.attached;

import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.EnvironmentException;

/** Why one does not get into a server of somebody's, in a sentence that says what to do. */
final class Refusal {

    private static final String NO_PASSWORD = "08004";
    private static final String WRONG_PASSWORD = "28P01";
    private static final String AUTHORIZATION = "28";

    private Refusal() {}

    static EnvironmentException of(String node, Attached attached, SQLException e) {
        @Nullable String state = e.getSQLState();
        String server = node + " at " + attached.address();
        String role = attached.login().user();
        if (NO_PASSWORD.equals(state)) {
            return new EnvironmentException(
                    "expected " + server + " to let the role " + role
                            + " in, but a password is asked for and none was given; say Attached.password(...)",
                    e);
        }
        if (state != null && state.startsWith(AUTHORIZATION)) {
            return new EnvironmentException(
                    "expected " + server + " to let the role " + role + " in, but was refused (" + said(e) + "); "
                            + (WRONG_PASSWORD.equals(state)
                                    ? "give its password by Attached.password(...)"
                                    : "give that role a line for this machine in the server's pg_hba.conf, such as \"host all "
                                            + role
                                            + " ADDRESS/32 scram-sha-256\", then SELECT pg_reload_conf(); a server"
                                            + " that lets in by TLS alone needs Attached.tls(...)"),
                    e);
        }
        return new EnvironmentException(
                "expected " + server + " to be reachable, but was not (" + said(e)
                        + "); look whether the server runs, listens at that address and is let through to this machine",
                e);
    }

    /** The driver's advice is for programmers. */
    private static String said(SQLException e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse("")
                .replaceFirst("^FATAL: ", "")
                .replaceFirst("(refused|failed)\\. Check that .*", "$1")
                .replaceFirst("\\.$", "");
    }
}
