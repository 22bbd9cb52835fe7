package org.pgminicluster.server;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * What a provider needs to know to start one server.
 *
 * @param name the node's name; other servers of the same group may reach this one by it
 * @param database the database that exists when the server is handed out
 * @param superuser the superuser's role and password; the role is made if it is not {@code postgres}
 * @param settings {@code postgresql.conf} settings in order, passed as {@code -c name=value}
 * @param hba lines of {@code pg_hba.conf} for connections over TCP, first match wins
 * @param passfile lines of a {@code .pgpass} file that only the server's own user may read: passwords that the
 *     server needs as a client of other nodes
 * @param port the port on this machine's loopback address, or 0 for any free one
 * @param postgres what it runs, as {@link ServerSettings#postgres()} says it of all others; empty if it runs that
 * @param tls what makes it speak TLS; empty if it does not. Who may come without is for the lines of {@code pg_hba.conf} to say
 */
@API(status = API.Status.INTERNAL)
public record ServerSpec(
        String name,
        String database,
        Credentials superuser,
        Map<String, String> settings,
        List<String> hba,
        List<String> passfile,
        int port,
        Optional<String> postgres,
        Optional<Tls> tls) {

    /** A server that runs what all others run, without TLS. */
    public ServerSpec(
            String name,
            String database,
            Credentials superuser,
            Map<String, String> settings,
            List<String> hba,
            List<String> passfile,
            int port) {
        this(name, database, superuser, settings, hba, passfile, port, Optional.empty(), Optional.empty());
    }

    public ServerSpec {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
        hba = List.copyOf(hba);
        passfile = List.copyOf(passfile);
    }

    /** Without the passfile's lines, which hold passwords. */
    @Override
    public String toString() {
        return "ServerSpec[name=" + name + ", database=" + database + ", settings=" + settings + "]";
    }
}
