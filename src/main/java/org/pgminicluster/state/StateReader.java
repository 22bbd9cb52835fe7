package org.pgminicluster.state;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.topology.TableName;

/**
 * The one place that reads what catalogs and views say of replication; who needs it gets it typed. Columns that are younger
 * than the oldest major are read as JSON, in which they may be missing.
 */
@API(status = API.Status.INTERNAL)
public final class StateReader {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A row without a slot if there is none, so that the positions are always there. */
    private static final String SERVER = """
            SELECT n.standby, n.written, n.inserted,
                   s.slot_name, s.slot_type IS DISTINCT FROM 'logical', s.plugin, s.database, coalesce(s.temporary, false),
                   coalesce(to_jsonb(s) ->> 'synced', 'false'), s.active_pid,
                   CASE WHEN s.active_pid IS NOT NULL
                        THEN (SELECT pg_get_userbyid(usesysid) FROM pg_stat_get_activity(s.active_pid)) END,
                   s.restart_lsn, s.confirmed_flush_lsn, to_jsonb(s) ->> 'wal_status',
                   r.pid, r.application_name, r.state, r.sent_lsn, r.flush_lsn, r.replay_lsn, r.sync_state
              FROM (SELECT pg_is_in_recovery() AS standby,
                           CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_replay_lsn(), '0/0')
                                ELSE pg_current_wal_lsn() END AS written,
                           CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_replay_lsn(), '0/0')
                                ELSE pg_current_wal_insert_lsn() END AS inserted OFFSET 0) AS n
              LEFT JOIN (pg_replication_slots s FULL JOIN pg_stat_replication r ON r.pid = s.active_pid) ON true
             ORDER BY s.slot_name, r.application_name""";

    /** Of all databases, but each one's tables are in its own database only. A parallel worker is no apply worker. */
    private static final String SUBSCRIPTIONS = """
            SELECT s.oid, s.subname, d.datname, pg_is_in_recovery(), s.subenabled, s.subslotname, s.subconninfo,
                   s.subpublications, st.pid, st.received_lsn, o.remote_lsn,
                   coalesce(to_jsonb(s) ->> 'subtwophasestate' = 'p', false),
                   (SELECT json_agg(json_build_array(n.nspname, c.relname, c.oid::regclass::text, r.srsubstate::text,
                                                     r.srsublsn::text) ORDER BY n.nspname, c.relname)
                      FROM pg_subscription_rel r JOIN pg_class c ON c.oid = r.srrelid
                           JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE r.srsubid = s.oid)
              FROM pg_subscription s
              JOIN pg_database d ON d.oid = s.subdbid
              LEFT JOIN pg_stat_subscription st
                   ON st.subid = s.oid AND st.relid IS NULL AND to_jsonb(st) ->> 'leader_pid' IS NULL
              LEFT JOIN pg_replication_origin_status o ON o.external_id = 'pg_' || s.oid
             ORDER BY s.subname, d.datname""";

    private static final String HERE = SUBSCRIPTIONS.replace(
            " ORDER BY s.subname, d.datname", " WHERE d.datname = current_database() ORDER BY s.subname, d.datname");

    /** What everybody may read, which is not where it leads and, in old majors, not even the row's oid. */
    private static final String HERE_WITHOUT_CONNINFO = """
            SELECT x.oid, s.subname, d.datname, pg_is_in_recovery(), s.subenabled, s.subslotname, '', s.subpublications,
                   st.pid, st.received_lsn, NULL, false,
                   (SELECT json_agg(json_build_array(n.nspname, c.relname, c.oid::regclass::text, r.srsubstate::text,
                                                     r.srsublsn::text) ORDER BY n.nspname, c.relname)
                      FROM pg_subscription_rel r JOIN pg_class c ON c.oid = r.srrelid
                           JOIN pg_namespace n ON n.oid = c.relnamespace
                     WHERE r.srsubid = x.oid)
              FROM pg_subscription s
              JOIN pg_database d ON d.oid = s.subdbid
              JOIN LATERAL (SELECT coalesce(max(w.subid::bigint), 0)::oid AS oid FROM pg_stat_subscription w
                             WHERE w.subname = s.subname) x ON true
              LEFT JOIN pg_stat_subscription st
                   ON st.subid = x.oid AND st.relid IS NULL AND to_jsonb(st) ->> 'leader_pid' IS NULL
             WHERE d.datname = current_database() ORDER BY s.subname, d.datname""";

    private static final String COPYING = """
            SELECT EXISTS (SELECT FROM pg_subscription s JOIN pg_subscription_rel r ON r.srsubid = s.oid
                                  JOIN pg_database d ON d.oid = s.subdbid
                            WHERE s.subname = ? AND d.datname = current_database() AND r.srsubstate NOT IN ('s', 'r'))""";

    private static final String RECOVERY = """
            SELECT coalesce(current_setting('primary_slot_name', true), ''),
                   coalesce(current_setting('primary_conninfo', true), ''),
                   coalesce((SELECT status FROM pg_stat_wal_receiver), 'not connected'),
                   pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn(), pg_last_xact_replay_timestamp()
             WHERE pg_is_in_recovery()""";

    private static final String WAITING = """
            SELECT pid, backend_type, wait_event_type AS waits_for, wait_event, pg_blocking_pids(pid) AS blocked_by,
                   left(regexp_replace(query, '\\s+', ' ', 'g'), 60) AS query
              FROM pg_stat_activity WHERE wait_event_type IN ('Lock', 'IPC') OR cardinality(pg_blocking_pids(pid)) > 0
             ORDER BY 1""";

    /** Who replicates and may read a table, but only by its policies. */
    private static final String ROW_SECURITY = """
            SELECT current_database(), n.nspname, c.relname, r.rolname, to_regclass('pg_catalog.pg_publication_namespace') IS NULL
              FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
              JOIN pg_roles r ON r.rolreplication AND r.rolcanlogin AND NOT r.rolsuper AND NOT r.rolbypassrls
             WHERE c.relrowsecurity AND has_table_privilege(r.oid, c.oid, 'SELECT')
               AND (c.relforcerowsecurity OR NOT pg_has_role(r.oid, c.relowner, 'USAGE'))""";

    /** By catalogs alone, since the view of published tables waits for those who lock them. */
    private static final String PUBLISHED = """
             AND (EXISTS (SELECT FROM pg_publication WHERE puballtables)
                  OR EXISTS (WITH RECURSIVE part AS (
                                 SELECT c.oid UNION SELECT i.inhparent FROM part JOIN pg_inherits i ON i.inhrelid = part.oid)
                             SELECT FROM part JOIN pg_class p ON p.oid = part.oid
                              WHERE p.oid IN (SELECT prrelid FROM pg_publication_rel) %s))
             ORDER BY 2, 3, 4""";

    private static final String IN_SCHEMA = "OR p.relnamespace IN (SELECT pnnspid FROM pg_publication_namespace)";

    private StateReader() {}

    /** The server's WAL and who reads it. */
    public static ServerState server(Catalogs server) {
        List<SlotState> slots = new ArrayList<>();
        List<Row> rows = server.look(SERVER).values();
        Row first = rows.get(0);
        Lsn written = Lsn.parse(first.text(1));
        for (Row row : rows) {
            if (row.get(3) != null || row.get(14) != null) {
                slots.add(slot(row, written));
            }
        }
        return new ServerState("t".equals(first.get(0)), written, Lsn.parse(first.text(2)), slots);
    }

    private static SlotState slot(Row row, Lsn written) {
        return new SlotState(
                row.get(3) == null ? "" : row.text(3),
                "t".equals(row.get(4)),
                row.get(5),
                row.get(6),
                "t".equals(row.get(7)),
                "true".equals(row.get(8)),
                number(row.get(9)),
                row.get(10) == null ? "" : row.text(10),
                lsn(row.get(11)),
                lsn(row.get(12)),
                row.get(13),
                written,
                row.get(14) == null
                        ? null
                        : new SlotState.Walsender(
                                Integer.parseInt(row.text(14)),
                                row.text(15),
                                row.get(16) == null ? "" : row.text(16),
                                lsn(row.get(17)),
                                lsn(row.get(18)),
                                lsn(row.get(19)),
                                row.get(20) == null ? "" : row.text(20)));
    }

    public static Optional<SlotState> slot(Catalogs server, String name) {
        return server(server).slot(name);
    }

    /** All subscriptions of a node, those of other databases than this without their tables. */
    public static List<SubscriptionState> subscriptions(Catalogs database) {
        return read(database.look(SUBSCRIPTIONS));
    }

    /** The subscriptions of a database. */
    public static List<SubscriptionState> subscriptionsIn(Catalogs database) {
        return read(database.look(HERE));
    }

    /** The same for roles that may not see where subscriptions lead, which their conninfo therefore does not say. */
    public static List<SubscriptionState> subscriptionsWithoutConninfo(Catalogs database) {
        return read(database.look(HERE_WITHOUT_CONNINFO));
    }

    public static Optional<SubscriptionState> subscription(Catalogs database, String name) {
        return subscriptionsIn(database).stream()
                .filter(subscription -> subscription.name().equals(name))
                .findFirst();
    }

    /** Whether a subscription of the database has a table that is not copied, without reading what all of them are. */
    public static boolean isCopying(Catalogs database, String subscription) {
        return "t".equals(database.look(COPYING, subscription).value());
    }

    private static List<SubscriptionState> read(Rows rows) {
        return rows.values().stream().map(StateReader::subscription).toList();
    }

    private static SubscriptionState subscription(Row row) {
        return new SubscriptionState(
                Long.parseLong(row.text(0)),
                row.text(1),
                row.text(2),
                "t".equals(row.get(3)),
                "t".equals(row.get(4)),
                row.get(5),
                row.text(6),
                row.text(7),
                number(row.get(8)),
                lsn(row.get(9)),
                lsn(row.get(10)),
                "t".equals(row.get(11)),
                tables(row.get(12)));
    }

    private static List<SubscribedTable> tables(@Nullable String json) {
        if (json == null) {
            return List.of();
        }
        try {
            List<SubscribedTable> tables = new ArrayList<>();
            for (JsonNode table : JSON.readTree(json)) {
                tables.add(new SubscribedTable(
                        new TableName(table.get(0).asText(), table.get(1).asText()),
                        table.get(2).asText(),
                        SyncState.of(table.get(3).asText()),
                        table.get(4).isNull() ? null : Lsn.parse(table.get(4).asText())));
            }
            return tables;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a server has sent what is no JSON: " + json, e);
        }
    }

    /** The published tables of a database that a subscriber's role cannot read as a whole. */
    static List<RowSecurity> rowSecurity(Catalogs database) {
        List<Row> readable = database.look(ROW_SECURITY).values();
        if (readable.isEmpty()) {
            return List.of();
        }
        boolean beforeSchemas = "t".equals(readable.get(0).get(4));
        return database.look(ROW_SECURITY + PUBLISHED.formatted(beforeSchemas ? "" : IN_SCHEMA)).values().stream()
                .map(row -> new RowSecurity(row.text(0), new TableName(row.text(1), row.text(2)), row.text(3)))
                .toList();
    }

    /** How a standby follows; empty if the node is none. */
    public static Optional<RecoveryState> recovery(Catalogs server) {
        return server.look(RECOVERY).values().stream()
                .findFirst()
                .map(row -> new RecoveryState(
                        row.text(0), row.text(1), row.text(2), lsn(row.get(3)), lsn(row.get(4)), row.get(5)));
    }

    /** The backends that wait for a lock or for another process, and for whom. */
    static Rows waiting(Catalogs server) {
        return server.look(WAITING);
    }

    private static @Nullable Integer number(@Nullable String text) {
        return text == null ? null : Integer.valueOf(text);
    }

    private static @Nullable Lsn lsn(@Nullable String text) {
        return text == null ? null : Lsn.parse(text);
    }
}
