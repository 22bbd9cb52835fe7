package org.pgminicluster.cluster;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Row;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.script.Sql;
import org.pgminicluster.session.SqlFailedException;

/**
 * The databases of one node, kept as templates under other names: fresh ones are made of them, and all that was not there
 * before is taken away again. All of it is done from a database that nobody else has.
 *
 * @see <a href="https://www.postgresql.org/docs/13/manage-ag-templatedbs.html">Template Databases</a>
 */
final class TemplateDatabases {

    private static final String SLOTS_AND_SUBSCRIPTIONS = """
            SELECT 'slot ' || slot_name FROM pg_replication_slots
            UNION ALL SELECT 'subscription ' || subname FROM pg_subscription ORDER BY 1""";

    private static final String ALTERED = """
            SELECT count(*) FROM pg_database d
             WHERE d.datname IN (%s)
               AND (d.datacl IS NOT NULL OR EXISTS (SELECT FROM pg_db_role_setting s WHERE s.setdatabase = d.oid))""";

    private static final String COPY_RIGHTS =
            "UPDATE pg_database d SET datacl = t.datacl FROM pg_database t WHERE d.datname = %s AND t.datname = %s";

    private static final String COPY_SETTINGS = """
            INSERT INTO pg_db_role_setting
            SELECT d.oid, s.setrole, s.setconfig
              FROM pg_database d, pg_database t JOIN pg_db_role_setting s ON s.setdatabase = t.oid
             WHERE d.datname = %s AND t.datname = %s""";

    private static final String AWAIT_WORKERS = """
            BEGIN
                WHILE (SELECT count(*) FROM pg_replication_slots WHERE slot_name IN (%s) AND active) < %d LOOP
                    PERFORM pg_sleep(0.001);
                END LOOP;
            END""";

    /** Ends sessions until there are none. A transaction sees no news of them unless it asks for some. */
    private static final String END_SESSIONS = """
            BEGIN
                WHILE (SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE %s) > 0
                      %s LOOP
                    PERFORM pg_sleep(0.001);
                    PERFORM pg_stat_clear_snapshot();
                END LOOP;
            END""";

    private static final String OTHER_CLIENTS =
            "backend_type = 'client backend' AND application_name <> '" + Member.WATCH + "' AND datname <> %s";

    /** A walsender lets its slot go a moment after it is not to be seen any more. */
    private static final String SLOT_IN_USE = "OR EXISTS (SELECT FROM pg_replication_slots WHERE active)";

    /** Whoever drops a subscription looks only every 10 ms whether its workers have ended. */
    private static final String END_WORKERS = """
            BEGIN
                WHILE (SELECT count(pg_terminate_backend(w.pid))
                         FROM pg_stat_subscription w JOIN pg_subscription s ON s.oid = w.subid
                        WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())) > 0 LOOP
                    PERFORM pg_sleep(0.001);
                END LOOP;
            END""";

    /** Only those that are disabled for all to see are not started again when they are ended. */
    private static final String DROP_SUBSCRIPTIONS = """
            SELECT d.datname, 1 AS step, string_agg(format('ALTER SUBSCRIPTION %%I DISABLE', s.subname), '; ')
              FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid GROUP BY 1
            UNION ALL SELECT DISTINCT d.datname, 2, %s
              FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid
            UNION ALL SELECT database, 3, format('ROLLBACK PREPARED %%L', gid) FROM pg_prepared_xacts
            UNION ALL SELECT d.datname, 4, string_agg(format(
                                 'ALTER SUBSCRIPTION %%1$I SET (slot_name = NONE); DROP SUBSCRIPTION %%1$I', s.subname), '; ')
              FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid GROUP BY 1
             ORDER BY 1, 2""";

    private static final String DROP_SLOTS_AND_ORIGINS = """
            SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots;
            SELECT pg_replication_origin_drop(roname) FROM pg_replication_origin""";

    private static final String DROP_ROLES = """
            DECLARE
                made name;
            BEGIN
                FOR made IN SELECT rolname FROM pg_roles WHERE rolname NOT IN (%s) AND rolname !~ '^pg_' LOOP
                    BEGIN
                        EXECUTE format('DROP ROLE %%I', made);
                    EXCEPTION WHEN dependent_objects_still_exist THEN
                        NULL;
                    END;
                END LOOP;
            END""";

    private final Member at;
    private final List<String> databases;
    /** Of all that is to stay. */
    private final Set<String> names;

    private final boolean altered;
    private final List<String> roles;
    private final Map<String, String> empty;
    private final Map<String, String> copied = new LinkedHashMap<>();
    /** The names of those that are made ahead; of {@link #names} when they are there. */
    private final Map<String, String> aheads = new LinkedHashMap<>();

    private TemplateDatabases(Member at, List<String> databases, Set<String> names) {
        this.at = at;
        this.databases = databases;
        this.names = names;
        names.removeAll(databases);
        this.altered = at.query(ALTERED.formatted(literals(databases))).number() > 0;
        this.roles = at.query("SELECT rolname FROM pg_roles").texts();
        this.empty = keep("before_the_copy_");
        databases.forEach(database -> aheads.put(database, unused("ahead_" + aheads.size(), names)));
        names.removeAll(aheads.values());
    }

    /**
     * Makes templates of the databases that the topology gives a node. Whoever wants one of them finds none until it is
     * {@linkplain #make made}.
     *
     * @throws MiniClusterException if a script has made what cannot be in a template
     */
    static TemplateDatabases of(Member node) {
        List<String> made = node.query(SLOTS_AND_SUBSCRIPTIONS).texts();
        if (!made.isEmpty()) {
            throw new MiniClusterException("expected the schema and seed scripts of " + node.name()
                    + " to make nothing that a template database cannot have, but they made " + made
                    + "; have it in the topology, or make it in each test");
        }
        Set<String> names = ConcurrentHashMap.newKeySet();
        names.addAll(node.query("SELECT datname FROM pg_database").texts());
        String home = unused("minicluster", names);
        node.execute("CREATE DATABASE " + Sql.identifier(home));
        node.runtime().disconnect(node.name());
        return new TemplateDatabases(node.in(home), node.runtime().databasesOf(node.name()), names);
    }

    private static String unused(String name, Set<String> names) {
        return names.add(name) ? name : unused(name + "_", names);
    }

    /** Makes templates of the databases as they are now. */
    private Map<String, String> keep(String prefix) {
        Map<String, String> templates = new LinkedHashMap<>();
        for (String database : databases) {
            String template = unused(prefix + templates.size(), names);
            at.execute("ALTER DATABASE " + Sql.identifier(database) + " RENAME TO " + Sql.identifier(template));
            at.execute("ALTER DATABASE " + Sql.identifier(template) + " IS_TEMPLATE true ALLOW_CONNECTIONS false");
            templates.put(database, template);
        }
        return templates;
    }

    Member node() {
        return at;
    }

    /**
     * Makes a fresh database of each template, or takes the one that was made ahead.
     *
     * @param withCopies whether it begins with what {@link #keepCopies()} has found
     */
    void make(boolean withCopies) {
        (withCopies ? copied : empty).forEach((database, template) -> {
            String name = Sql.identifier(database);
            if (withCopies && names.remove(ahead(database))) {
                at.execute("ALTER DATABASE " + Sql.identifier(ahead(database)) + " RENAME TO " + name
                        + ";\nALTER DATABASE " + name + " ALLOW_CONNECTIONS true");
            } else {
                at.execute("CREATE DATABASE " + name + " TEMPLATE " + Sql.identifier(template));
                alter(database, template, at::execute);
            }
        });
    }

    /**
     * Makes databases with copies under other names, over a connection of its own: it may have to wait for a test that has
     * locked something.
     */
    void makeAhead() {
        copied.forEach((database, template) -> {
            String name = ahead(database);
            at.executeUnseen("CREATE DATABASE " + Sql.identifier(name) + " TEMPLATE " + Sql.identifier(template)
                    + " ALLOW_CONNECTIONS false");
            alter(name, template, at::executeUnseen);
            names.add(name);
        });
    }

    private String ahead(String database) {
        return aheads.getOrDefault(database, "");
    }

    /** Who may connect, and what sessions begin with, is not copied with a database. */
    private void alter(String database, String template, Consumer<String> execute) {
        if (altered) {
            execute.accept(COPY_RIGHTS.formatted(Sql.literal(database), Sql.literal(template)));
            execute.accept(COPY_SETTINGS.formatted(Sql.literal(database), Sql.literal(template)));
        }
    }

    /** Makes templates of databases whose subscriptions have copied all, when nobody is connected to them any more. */
    void keepCopies() {
        copied.putAll(keep("after_the_copy_"));
    }

    /** Waits until walsenders have all of these slots in use. */
    void awaitWalsenders(Collection<String> slots) {
        if (!slots.isEmpty()) {
            at.execute(anonymous(AWAIT_WORKERS.formatted(literals(slots), slots.size())));
        }
    }

    /**
     * Ends all transactions and drops all subscriptions, without a word to their publishers.
     *
     * @param seen the same node as the cluster has it that made them
     */
    void dropSubscriptions(Member seen) {
        tolerant(() ->
                at.execute(anonymous(END_SESSIONS.formatted(OTHER_CLIENTS.formatted(Sql.literal(at.database())), ""))));
        for (Row row : at.query(DROP_SUBSCRIPTIONS.formatted(Sql.literal(anonymous(END_WORKERS))))
                .values()) {
            tolerant(() -> seen.in(row.text(0)).executeUnseen(row.text(2)));
        }
    }

    /** A test may have ended all sessions, those of this library too. */
    private static void tolerant(Runnable statement) {
        try {
            statement.run();
        } catch (SqlFailedException e) {
            if (!e.isConnectionLost()) {
                throw e;
            }
            statement.run();
        }
    }

    /** Ends all that is connected to databases that are not to stay, and drops slots, when nobody subscribes any more. */
    void dropSlots() {
        StringBuilder sql = new StringBuilder();
        made().forEach(database -> sql.append("ALTER DATABASE ")
                .append(Sql.identifier(database))
                .append(" IS_TEMPLATE false ALLOW_CONNECTIONS false;\n"));
        sql.append(anonymous(END_SESSIONS.formatted(
                        "backend_type = 'walsender' OR datname NOT IN (" + literals(names) + ")", SLOT_IN_USE)))
                .append(";\n")
                .append(DROP_SLOTS_AND_ORIGINS);
        at.execute(sql.toString());
    }

    /** Drops the databases and roles that are not to stay, and logs a last line. */
    void dropDatabases(String farewell) {
        made().forEach(database -> at.execute("DROP DATABASE " + Sql.identifier(database)));
        at.execute("SET log_min_messages TO log;\n" + anonymous(DROP_ROLES.formatted(literals(roles))) + ";\n"
                + anonymous("BEGIN RAISE LOG '%', " + Sql.literal(farewell) + "; END"));
    }

    private List<String> made() {
        return at.query("SELECT datname FROM pg_database WHERE datname NOT IN (" + literals(names) + ")")
                .texts();
    }

    private static String anonymous(String body) {
        return "DO " + Sql.literal(body);
    }

    private static String literals(Collection<String> values) {
        return values.stream().map(Sql::literal).collect(Collectors.joining(", "));
    }
}
