package org.pgminicluster.script;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apiguardian.api.API;

/** How the nodes reach each other, which is known only once they run. */
@API(status = API.Status.INTERNAL)
public interface Peers {

    /** The host that other nodes connect to. */
    String host(String node);

    /** The port that other nodes connect to. */
    int port(String node);

    /** The passfile that a node's own server process reads. */
    String passfile(String node);

    /** For printing: as on machines of one's own, each node known by its name. */
    static Peers byName() {
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
        };
    }

    /**
     * What {@code subscriber}'s servers need to connect to a database of {@code publisher}.
     *
     * @param applicationName shown by {@code pg_stat_replication} on the publisher
     */
    default Conninfo conninfo(String subscriber, String publisher, String database, String applicationName) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("host", host(publisher));
        values.put("port", Integer.toString(port(publisher)));
        values.put("dbname", database);
        values.put("user", Roles.login(subscriber));
        values.put("passfile", passfile(subscriber));
        values.put("application_name", applicationName);
        return new Conninfo(values);
    }

    /**
     * What a standby's server needs to follow its primary.
     *
     * @param standby shown by {@code pg_stat_replication} on the primary, and matched by {@code synchronous_standby_names}
     * @param database where a standby looks that syncs failover slots (from PostgreSQL 17); no other looks there
     */
    default Conninfo standbyConninfo(String standby, String primary, String database) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("host", host(primary));
        values.put("port", Integer.toString(port(primary)));
        values.put("dbname", database);
        values.put("user", Roles.standbyLogin(standby));
        values.put("passfile", passfile(standby));
        values.put("application_name", standby);
        return new Conninfo(values);
    }
}
