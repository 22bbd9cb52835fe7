package org.pgminicluster.attach;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import org.pgminicluster.journal.Row;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Sql;
import org.pgminicluster.server.WantedMajor;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;

/**
 * What is true of a whole server, and what the role that this JVM logs in by may do there.
 *
 * @param maintenance the server, seen through a database that is always there
 * @param databases those that it has
 * @param superuser whether that role may do everything
 * @param roles those that it has
 */
record ServerSurvey(
        Member maintenance, List<String> databases, boolean superuser, Map<String, String> rights, List<String> roles) {

    /** The first major in which others than superusers can subscribe, and make roles that replicate. */
    static final int SUBSCRIBERS = 16;

    private static final String RIGHTS = """
            SELECT r.rolname, r.rolsuper::text, r.rolcreaterole::text, r.rolcreatedb::text, r.rolreplication::text,
                   pg_has_role(r.oid, 'pg_monitor', 'USAGE')::text,
                   coalesce((SELECT pg_has_role(r.oid, s.oid, 'USAGE') FROM pg_roles s
                              WHERE s.rolname = 'pg_create_subscription'), false)::text
              FROM pg_roles r WHERE r.rolname = current_user""";

    private static final String LINKS = """
            SELECT has_column_privilege('pg_subscription', 'subconninfo', 'SELECT')
                   AND has_table_privilege('pg_replication_origin_status', 'SELECT')
                   AND has_function_privilege('pg_show_replication_origin_status()', 'EXECUTE')""";

    private static final List<String> NAMES =
            List.of("role", "superuser", "createrole", "createdb", "replication", "monitor", "subscribe");

    static ServerSurvey of(Member node, Complaints complaints) {
        Member maintenance = Places.maintenance(node);
        Row row = maintenance.look(RIGHTS).values().get(0);
        Map<String, String> rights = new LinkedHashMap<>();
        for (int i = 0; i < NAMES.size(); i++) {
            rights.put(NAMES.get(i), row.text(i));
        }
        ServerSurvey survey = new ServerSurvey(
                maintenance,
                maintenance
                        .look("SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1")
                        .texts(),
                "true".equals(rights.get("superuser")),
                rights,
                maintenance.look("SELECT rolname FROM pg_roles ORDER BY 1").texts());
        survey.judge(node.runtime().topology(), complaints);
        return survey;
    }

    String name() {
        return maintenance.name();
    }

    int major() {
        return maintenance.version().major();
    }

    String role() {
        return rights.getOrDefault("role", "");
    }

    /** Whether a superuser is asked, or one who has that right. */
    boolean may(String right) {
        return superuser || "true".equals(rights.get(right));
    }

    boolean hasDatabase(String database) {
        return databases.contains(database);
    }

    boolean hasRole(String role) {
        return roles.contains(role);
    }

    /** Whether a role may be given to others that lets them replicate. */
    boolean makesRoles() {
        return superuser || major() >= SUBSCRIBERS && may("createrole") && may("replication");
    }

    private void judge(Topology topology, Complaints complaints) {
        boolean standby =
                "t".equals(maintenance.look("SELECT pg_is_in_recovery()").value());
        topology.standby(name()).ifPresentOrElse(spec -> standby(spec, standby, complaints), () -> {
            if (standby) {
                complaints.add(
                        name() + " to be a primary",
                        "was in recovery",
                        "give the address of its primary, or promote it there");
            }
        });
        version(topology, complaints);
        if (!may("monitor")) {
            lacks(
                    complaints,
                    "may look at slots, sessions and settings",
                    "GRANT pg_monitor TO " + Sql.identifier(role()));
        }
        NodeSpec node = topology.described(name());
        requireLinks(maintenance, complaints);
        if (topology.standby(name()).isEmpty()) {
            settings(node, complaints);
        }
    }

    /** Rights on catalogs are of each database, and a new one gets those of {@code template1}. */
    void requireLinks(Member database, Complaints complaints) {
        boolean needed = database.runtime().topology().described(name()).subscribes();
        if (needed && !"t".equals(database.look(LINKS).value())) {
            String role = Sql.identifier(role());
            lacks(
                    complaints,
                    "may see in database " + database.database() + " where subscriptions lead and how far they are",
                    "GRANT SELECT ON pg_subscription, pg_replication_origin_status TO " + role
                            + "; GRANT EXECUTE ON FUNCTION pg_show_replication_origin_status() TO " + role
                            + "; in that database");
        }
    }

    /** @param does what the role must be able to do */
    void lacks(Complaints complaints, String does, String remedy) {
        complaints.add(
                "the role " + role() + " of " + name() + " to be one that " + does,
                "it may not",
                "let a superuser there say " + remedy + " or give another role by Attached.user(...)");
    }

    private void standby(StandbySpec spec, boolean standby, Complaints complaints) {
        if (spec.guarded()) {
            complaints.add(
                    "standby " + name() + " to be an unguarded one when it is attached",
                    "the topology guards it, which takes settings and files of its server",
                    "leave out guarded()");
        }
        if (!standby) {
            complaints.add(
                    name() + " to be a standby of " + spec.primary(),
                    "was a primary, and a standby is a copy of files, which are not made on servers that are attached",
                    "make it there by pg_basebackup --write-recovery-conf from " + spec.primary());
        }
    }

    private void version(Topology topology, Complaints complaints) {
        topology.postgresOf(name()).ifPresent(said -> {
            OptionalInt wanted = WantedMajor.of(said);
            if (wanted.isPresent() && wanted.getAsInt() != major()) {
                complaints.add(
                        name() + " to run PostgreSQL " + wanted.getAsInt() + ", as the topology says",
                        "runs " + maintenance.version(),
                        "leave out its postgres(...) or give another server");
            }
        });
    }

    /** What the topology says itself must be so already; the rest of what a cluster of its own would run with need not. */
    private void settings(NodeSpec node, Complaints complaints) {
        if (node.publishes() && !"logical".equals(setting("wal_level"))) {
            complaints.add(
                    name() + " to have wal_level logical, since it publishes",
                    "was " + setting("wal_level"),
                    "say ALTER SYSTEM SET wal_level = logical there and restart it");
        }
        node.settings().forEach((setting, value) -> {
            String now = setting(setting);
            if (!plain(value).equals(plain(now)) && !setting.equals("wal_level")) {
                complaints.add(
                        setting + " of " + name() + " to be " + value + ", as the topology says",
                        "was " + now,
                        "say ALTER SYSTEM SET " + setting + " = " + Sql.literal(value)
                                + " there, then SELECT pg_reload_conf() or restart it, or leave it out of the topology");
            }
        });
    }

    private String setting(String name) {
        return String.valueOf(
                maintenance.look("SELECT current_setting(?, true)", name).value());
    }

    /** There is more than one word for yes. */
    private static String plain(String value) {
        return switch (value.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "1" -> "on";
            case "false", "no", "0" -> "off";
            default -> value;
        };
    }
}
