package org.pgminicluster.runtime;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.apiguardian.api.API;
import org.pgminicluster.journal.Words;
import org.pgminicluster.script.Roles;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;
import org.pgminicluster.wait.Seen;

/**
 * Who may log in to a node over TCP: everybody with a password, but for the roles that are refused.
 *
 * @see <a href="https://www.postgresql.org/docs/13/auth-pg-hba-conf.html">The pg_hba.conf File</a>
 */
@API(status = API.Status.INTERNAL)
public final class LoginRules {

    /** Logical replication connects to a database, so an ordinary line lets it in. */
    private static final String EVERYBODY = "all all all scram-sha-256";

    /** What {@link #asInstalled} begins with, in the manner of such files. */
    private static final List<String> COMMENTS = List.of(
            "# TYPE  DATABASE  USER  ADDRESS  METHOD",
            "# The superuser is let in from everywhere, by its password. Nobody else is: that takes lines of yours.");

    private static final Duration PATIENCE = Duration.ofSeconds(4);

    private final Member node;
    /** A role is in it once for every cut that refuses it. */
    private final List<String> refused = new ArrayList<>();

    LoginRules(Member node) {
        this.node = node;
    }

    /**
     * The lines that let in whoever has a right to. Physical replication connects to no database: {@code all} does not
     * mean it, and only the standbys of this node, or those that it may become one of, get a line for it. If the topology says
     * TLS, no line is for those who come without.
     */
    public static List<String> admitted(Topology topology, String node) {
        return Stream.concat(
                        Stream.of(EVERYBODY),
                        pair(topology, node).stream()
                                .filter(other -> !other.equals(node))
                                .map(other -> "replication " + Roles.standbyLogin(other) + " all scram-sha-256"))
                .map(line -> (topology.tls() ? "hostssl " : "host ") + line)
                .toList();
    }

    /**
     * The lines of a server on which nobody has been yet. On a machine of its own they would let in who is on that machine;
     * here that is nobody, so it is the superuser, wherever it comes from.
     */
    public static List<String> asInstalled(Credentials superuser) {
        return Stream.concat(
                        COMMENTS.stream(),
                        Stream.of("host all \"" + superuser.user().replace("\"", "\"\"") + "\" all scram-sha-256"))
                .toList();
    }

    /** A node with its standbys, direct or not: those that have, or may come to have, the same data. */
    public static List<String> pair(Topology topology, String server) {
        String node = topology.described(server).name();
        return Stream.concat(
                        Stream.of(node), topology.standbysBelow(node).stream().map(StandbySpec::name))
                .toList();
    }

    public synchronized void refuse(Collection<String> roles) {
        refused.addAll(roles);
        write();
    }

    /** If that fails they stay refused, so that it can be tried again. */
    public synchronized void admit(Collection<String> roles) {
        List<String> before = List.copyOf(refused);
        roles.forEach(refused::remove);
        try {
            write();
        } catch (RuntimeException e) {
            refused.clear();
            refused.addAll(before);
            throw e;
        }
    }

    /** Whether a cut refuses it. */
    public synchronized boolean isRefused(String role) {
        return refused.contains(role);
    }

    /** A server that is down reads the file when it starts. */
    private void write() {
        boolean running = node.isRunning();
        if (running) {
            node.requireAwake("it reads pg_hba.conf again");
        }
        Stream<String> rejections = refused.stream()
                .distinct()
                .flatMap(role -> Stream.of("all", "replication")
                        .map(database -> "host " + database + " \"" + role + "\" all reject"));
        node.server()
                .replaceHba(Stream.concat(rejections, admitted(node.runtime().topology(), node.name()).stream())
                        .toList());
        if (running) {
            node.look("SELECT pg_reload_conf()");
        }
    }

    /** What the server does with a login of the role now: the one proof that it has read the file again. */
    public Seen tried(String role, boolean expectRefusal) {
        Words answer = Words.of("seen.lets-in", role);
        boolean refusal = false;
        Credentials login =
                new Credentials(role, node.runtime().replicationPasswords().getOrDefault(role, "none"));
        try {
            Connections.open(node.address(), node.database(), login, "pg-minicluster login", PATIENCE, PATIENCE)
                    .close();
        } catch (SQLException e) {
            String text = String.valueOf(e.getMessage());
            answer = Words.verbatim(text);
            // Whoever is asked for a password was let past the file.
            refusal = text.contains("pg_hba.conf rejects");
        }
        return Seen.of(refusal == expectRefusal, answer);
    }
}
