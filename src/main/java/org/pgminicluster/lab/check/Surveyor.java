package org.pgminicluster.lab.check;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Row;
import org.pgminicluster.script.MadeUpValue;
import org.pgminicluster.server.Address;
import org.pgminicluster.session.Session;
import org.pgminicluster.state.RecoveryState;
import org.pgminicluster.state.StateReader;
import org.pgminicluster.state.SubscriptionState;
import org.pgminicluster.topology.TableName;

/** Reads a {@link Survey} by a few queries, none of which reads a table of somebody's. */
final class Surveyor {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final String SERVER = """
            SELECT current_setting('server_version_num'), split_part(current_setting('server_version'), ' ', 1),
                   (SELECT system_identifier FROM pg_control_system()), pg_postmaster_start_time()::text, pg_is_in_recovery(),
                   coalesce(current_setting('effective_wal_level', true), current_setting('wal_level')),
                   (SELECT pending_restart FROM pg_settings WHERE name = 'wal_level'),
                   host(inet_server_addr()), coalesce(inet_server_port(), current_setting('port')::integer),
                   (SELECT rolsuper FROM pg_roles WHERE rolname = current_user),
                   pg_has_role(current_user, 'pg_read_all_stats', 'USAGE'), current_setting('session_replication_role'),
                   has_column_privilege('pg_catalog.pg_subscription', 'subconninfo', 'SELECT')""";

    /** The last one wins. */
    private static final String ASKED =
            "SELECT setting FROM pg_file_settings WHERE name = 'wal_level' ORDER BY seqno DESC LIMIT 1";

    /** Those in which something replicates come first, then that of the homework's author. */
    private static final String DATABASES = """
            SELECT d.datname FROM pg_database d
             WHERE d.datallowconn AND NOT d.datistemplate AND d.datname <> 'postgres'
             ORDER BY EXISTS (SELECT FROM pg_subscription s WHERE s.subdbid = d.oid) DESC,
                      EXISTS (SELECT FROM pg_replication_slots s WHERE s.database = d.datname) DESC,
                      d.datname <> 'rep', d.datname LIMIT 100""";

    /** A domain stands for what it is made of. */
    private static final String TABLES = """
            SELECT n.nspname, c.relname, CASE WHEN c.relkind = 'r' THEN pg_table_size(c.oid) ELSE 0 END, c.reltuples::bigint,
                   c.relreplident IN ('f', 'i')
                   OR c.relreplident = 'd' AND EXISTS (SELECT FROM pg_index WHERE indrelid = c.oid AND indisprimary),
                   (SELECT json_agg(json_build_array(
                               a.attname, format_type(a.atttypid, a.atttypmod),
                               EXISTS (SELECT FROM pg_index x WHERE x.indrelid = c.oid AND x.indisprimary
                                                                AND a.attnum = ANY (x.indkey)),
                               a.attnotnull AND NOT a.atthasdef AND a.attidentity = '',
                               coalesce(to_jsonb(a) ->> 'attgenerated', '') <> '', a.attidentity = 'a',
                               EXISTS (SELECT FROM pg_constraint f WHERE f.conrelid = c.oid AND f.contype = 'f'
                                                                     AND a.attnum = ANY (f.conkey)),
                               coalesce(e.typname, b.typname),
                               CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END,
                               (SELECT count(*) FROM pg_enum WHERE enumtypid = coalesce(e.oid, b.oid)), e.oid IS NOT NULL,
                               format_type(coalesce(e.oid, b.oid), NULL)) ORDER BY a.attnum)
                      FROM pg_attribute a
                      JOIN pg_type t ON t.oid = a.atttypid
                      JOIN pg_type b ON b.oid = coalesce(nullif(t.typbasetype, 0), t.oid)
                      LEFT JOIN pg_type e ON e.oid = b.typelem AND b.typcategory = 'A'
                     WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped),
                   (SELECT json_agg(json_build_array(
                               g.tgname, g.tgtype, g.tgenabled::text, p.proname,
                               p.prosrc ~* 'raise\\s+(exception|sqlstate|'')' OR l.lanname NOT IN ('plpgsql', 'internal'),
                               p.prosrc !~* '\\m(if|case|when)\\M' AND g.tgqual IS NULL) ORDER BY g.tgname)
                      FROM pg_trigger g JOIN pg_proc p ON p.oid = g.tgfoid JOIN pg_language l ON l.oid = p.prolang
                     WHERE g.tgrelid = c.oid AND NOT g.tgisinternal)
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence = 'p'
               AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
               AND NOT EXISTS (SELECT FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid
                                                         AND x.deptype = 'e')
             ORDER BY NOT (c.oid IN (SELECT prrelid FROM pg_publication_rel)
                           OR c.oid IN (SELECT srrelid FROM pg_subscription_rel)), 1, 2 LIMIT 100""";

    private static final String PUBLICATIONS = """
            SELECT p.pubname, p.puballtables, p.pubinsert, p.pubupdate, p.pubdelete,
                   coalesce(to_jsonb(p) ->> 'pubtruncate', 'true') = 'true',
                   (SELECT json_agg(json_build_array(t.schemaname, t.tablename) ORDER BY t.schemaname, t.tablename)
                      FROM pg_publication_tables t WHERE t.pubname = p.pubname)
              FROM pg_publication p ORDER BY p.pubname LIMIT 100""";

    /** By OIDs: who may not use a schema may not name its tables, and the view asks of tables that nobody publishes, too. */
    private static final String ROLES = """
            SELECT r.rolname, r.rolsuper, r.rolreplication,
                   (SELECT json_agg(DISTINCT jsonb_build_array(n.nspname, c.relname))
                      FROM pg_publication p, pg_get_publication_tables(p.pubname::text) t
                      JOIN pg_class c ON c.oid = t.relid JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE NOT (has_schema_privilege(r.oid, n.oid, 'USAGE')
                                AND has_table_privilege(r.oid, c.oid, 'SELECT')))
              FROM pg_roles r WHERE r.rolcanlogin AND r.rolname !~ '^pg_' ORDER BY 1 LIMIT 100""";

    private Surveyor() {}

    /** The databases that somebody has made, the likeliest first. */
    static List<String> databases(Session session) {
        return session.query(DATABASES).texts();
    }

    /**
     * Whether somebody has made anything here.
     *
     * @param session in any database
     */
    static boolean hasTables(Session session) {
        return !session.query(TABLES).isEmpty();
    }

    /** @param database null if the session is in one that is not the homework's */
    static Survey read(CheckedNode node, Session session, @Nullable String database, List<String> databases) {
        Row row = session.query(SERVER).values().get(0);
        boolean superuser = isTrue(row, 9);
        boolean seesConninfo = isTrue(row, 12);
        ServerFacts server = new ServerFacts(
                Integer.parseInt(row.text(0)),
                row.text(1),
                row.text(2),
                row.text(3),
                isTrue(row, 4),
                row.text(5),
                asked(session, row, superuser),
                new Address(row.get(7) == null ? "localhost" : row.text(7), Integer.parseInt(row.text(8))),
                superuser,
                superuser || isTrue(row, 10),
                row.text(11));
        boolean here = database != null;
        Optional<RecoveryState> recovery = StateReader.recovery(session::query);
        return new Survey(
                node.name(),
                node.address(),
                node.user(),
                node.database(),
                databases,
                database,
                server,
                here ? tables(session) : List.of(),
                here ? publications(session) : List.of(),
                seesConninfo,
                here ? subscriptions(session, seesConninfo) : List.of(),
                StateReader.server(session::query),
                recovery.orElse(null),
                here ? roles(session) : List.of());
    }

    static List<SubscriptionState> subscriptions(Session session, boolean seesConninfo) {
        return seesConninfo
                ? StateReader.subscriptionsIn(session::query)
                : StateReader.subscriptionsWithoutConninfo(session::query);
    }

    /** What a restart would bring: pending after the files were read anew, and in the files before. */
    private static @Nullable String asked(Session session, Row row, boolean superuser) {
        if (superuser) {
            return session.query(ASKED).values().stream()
                    .findFirst()
                    .map(found -> found.text(0))
                    .orElse(row.text(5));
        }
        return isTrue(row, 6) ? "logical" : null;
    }

    private static List<TableFacts> tables(Session session) {
        List<TableFacts> tables = new ArrayList<>();
        for (Row row : session.query(TABLES).values()) {
            tables.add(new TableFacts(
                    new TableName(row.text(0), row.text(1)),
                    Long.parseLong(row.text(2)),
                    Long.parseLong(row.text(3)),
                    isTrue(row, 4),
                    list(row.get(5)).map(Surveyor::column).toList(),
                    list(row.get(6)).map(Surveyor::trigger).toList()));
        }
        return tables;
    }

    private static ColumnFacts column(JsonNode column) {
        String type = column.get(1).asText();
        Optional<MadeUpValue> value = MadeUpValue.of(new MadeUpValue.Type(
                column.get(7).asText(),
                column.get(8).asInt(),
                column.get(9).asInt(),
                column.get(10).asBoolean(),
                type,
                column.get(11).asText()));
        return new ColumnFacts(
                column.get(0).asText(),
                type,
                column.get(2).asBoolean(),
                column.get(3).asBoolean(),
                column.get(4).asBoolean(),
                column.get(5).asBoolean(),
                column.get(6).asBoolean(),
                value.map(MadeUpValue::expression).orElse(null));
    }

    private static TriggerFacts trigger(JsonNode trigger) {
        return new TriggerFacts(
                trigger.get(0).asText(),
                trigger.get(1).asInt(),
                trigger.get(2).asText(),
                trigger.get(3).asText(),
                trigger.get(4).asBoolean(),
                trigger.get(5).asBoolean());
    }

    private static List<PublicationFacts> publications(Session session) {
        List<PublicationFacts> publications = new ArrayList<>();
        for (Row row : session.query(PUBLICATIONS).values()) {
            List<String> acts = new ArrayList<>();
            for (String act : TriggerFacts.ACTS) {
                if (isTrue(row, 2 + TriggerFacts.ACTS.indexOf(act))) {
                    acts.add(act);
                }
            }
            publications.add(new PublicationFacts(
                    row.text(0),
                    isTrue(row, 1),
                    acts,
                    list(row.get(6)).map(Surveyor::name).toList()));
        }
        return publications;
    }

    private static List<RoleFacts> roles(Session session) {
        return session.query(ROLES).values().stream()
                .map(row -> new RoleFacts(
                        row.text(0),
                        isTrue(row, 1),
                        isTrue(row, 2),
                        list(row.get(3)).map(Surveyor::name).toList()))
                .toList();
    }

    private static TableName name(JsonNode pair) {
        return new TableName(pair.get(0).asText(), pair.get(1).asText());
    }

    private static boolean isTrue(Row row, int column) {
        return Objects.equals(row.get(column), "t");
    }

    private static Stream<JsonNode> list(@Nullable String json) {
        if (json == null) {
            return Stream.empty();
        }
        try {
            List<JsonNode> nodes = new ArrayList<>();
            JSON.readTree(json).forEach(nodes::add);
            return nodes.stream();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a server has sent what is no JSON: " + json, e);
        }
    }
}
