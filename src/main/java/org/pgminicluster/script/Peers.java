package org.pgminicluster.script;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apiguardian.api.API;
import org.pgminicluster.topology.Topology;

/** How the nodes reach each other, which is known only once they run. */
@API(status = API.Status.INTERNAL)
public interface Peers {

    /** The host that other nodes connect to. */
    String host(String node);

    /** The port that other nodes connect to. */
    int port(String node);

    /** The passfile that a node's own server process reads. */
    String passfile(String node);

    /** The certificate by which a node's own server process knows others; empty if they are connected to without TLS. */
    Optional<String> rootCertificate(String node);

    /** The role by which a node logs in to another. */
    default String login(String from, String to) {
        return Roles.login(from);
    }

    /** What stands in a connection string for the password of that role, if it is to be in there and in no passfile. */
    default Optional<String> password(String from, String to) {
        return Optional.empty();
    }

    /** For printing: as on machines of one's own, each node known by its name. */
    static Peers byName(Topology topology) {
        return byName(topology.tls());
    }

    /** The same, of nodes without TLS. */
    static Peers byName() {
        return byName(false);
    }

    private static Peers byName(boolean tls) {
        return new Peers() {
            @Override
            public String host(String node) {
                return node;
            }

            @Override
            public int port(String node) {
                return 5432;
            }

            @Override
            public String passfile(String node) {
                return "/var/lib/postgresql/.pgpass";
            }

            @Override
            public Optional<String> rootCertificate(String node) {
                return Optional.of("/var/lib/postgresql/root.crt").filter(file -> tls);
            }
        };
    }

    /**
     * What {@code subscriber}'s servers need to connect to a database of {@code publisher}.
     *
     * @param applicationName shown by {@code pg_stat_replication} on the publisher
     */
    default Conninfo conninfo(String subscriber, String publisher, String database, String applicationName) {
        return conninfo(subscriber, publisher, database, login(subscriber, publisher), applicationName);
    }

    /**
     * What a standby's server needs to follow its primary.
     *
     * @param standby shown by {@code pg_stat_replication} on the primary, and matched by {@code synchronous_standby_names}
     * @param database where a standby looks that syncs failover slots (from PostgreSQL 17); no other looks there
     */
    default Conninfo standbyConninfo(String standby, String primary, String database) {
        return conninfo(standby, primary, database, Roles.standbyLogin(standby), standby);
    }

    private Conninfo conninfo(String from, String to, String database, String user, String applicationName) {
        Optional<String> root = rootCertificate(from);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("host", root.isPresent() ? to : host(to));
        if (root.isPresent() && !host(to).equals(to)) {
            // What the certificate is of is the name; before 15 libpq finds no address in one.
            values.put("hostaddr", host(to));
        }
        values.put("port", Integer.toString(port(to)));
        values.put("dbname", database);
        values.put("user", user);
        Optional<String> password = password(from, to);
        values.put(password.isPresent() ? "password" : "passfile", password.orElseGet(() -> passfile(from)));
        values.put("application_name", applicationName);
        root.ifPresent(file -> {
            values.put("sslmode", "verify-full");
            values.put("sslrootcert", file);
        });
        return new Conninfo(values);
    }
}
