package org.pgminicluster.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Trace;

/** Asks one node how far it is, over a connection of its own, so that nobody has to wait for it. */
final class Samples {

    private static final String POSITION = """
            SELECT pg_is_in_recovery(),
                   CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_insert_lsn() END""";

    /** The slots of tables that are just being copied come and go; as JSON, since wal_status is not there before 13. */
    private static final String SLOTS = """
            SELECT coalesce(s.slot_name, r.application_name), s.slot_type IS DISTINCT FROM 'logical', r.pid IS NOT NULL,
                   greatest(r.replay_lsn, s.confirmed_flush_lsn), n.lsn - greatest(r.replay_lsn, s.confirmed_flush_lsn),
                   n.lsn - s.restart_lsn, to_jsonb(s) ->> 'wal_status'
              FROM (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
                                ELSE pg_current_wal_insert_lsn() END AS lsn) AS n
             CROSS JOIN (pg_replication_slots s FULL JOIN pg_stat_replication r ON r.pid = s.active_pid)
             WHERE s.slot_name !~ '^pg_[0-9]+_sync_' OR s.slot_name IS NULL AND r.application_name !~ '_sync_'
             ORDER BY 1""";

    private static final String SUBSCRIPTIONS = """
            SELECT s.subname, s.subslotname, s.subenabled, st.pid IS NOT NULL, st.received_lsn, o.remote_lsn,
                   (SELECT string_agg(r.srrelid::regclass || '=' || r.srsubstate::text, ' ' ORDER BY r.srrelid::regclass::text)
                      FROM pg_subscription_rel r WHERE r.srsubid = s.oid)
              FROM pg_subscription s
              LEFT JOIN pg_stat_subscription st ON st.subid = s.oid AND st.relid IS NULL
              LEFT JOIN pg_replication_origin_status o ON o.external_id = 'pg_' || s.oid
             WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1""";

    private final Node node;
    private volatile @Nullable Session session;
    private Map<String, String> replayed = Map.of();

    Samples(Node node) {
        this.node = node;
    }

    /** How far the subscriptions of a standby's upstream were there with what it has replayed, as last taken. */
    Map<String, String> replayed() {
        return replayed;
    }

    Trace.Probe take() {
        replayed = Map.of();
        try {
            Session open = session;
            if (open == null) {
                open = node.quietSession("pg-minicluster trace");
                session = open;
            }
            return ask(open);
        } catch (RuntimeException e) {
            // It may die at any moment; that is what pictures are drawn of.
            close();
            return new Trace.Probe(stateOfSilent(), null, List.of(), List.of());
        }
    }

    private String stateOfSilent() {
        try {
            return !node.isRunning() ? "down" : node.isPaused() ? "paused" : "silent";
        } catch (RuntimeException e) {
            return "silent";
        }
    }

    private Trace.Probe ask(Session open) {
        // The position comes last: what was seen to be applied lies before it.
        List<Trace.Subscription> subscriptions = subscriptions(open);
        List<Trace.Slot> slots = slots(open);
        Row position = open.query(POSITION).values().get(0);
        boolean standby = "t".equals(position.get(0));
        if (standby) {
            replayed = subscriptions.stream()
                    .filter(it -> it.applied() != null)
                    .collect(Collectors.toMap(Trace.Subscription::name, it -> String.valueOf(it.applied())));
        }
        // It has its upstream's catalogs, but no worker runs there: these subscriptions are none of its own.
        return new Trace.Probe(
                standby ? "standby" : "running", position.get(1), slots, standby ? List.of() : subscriptions);
    }

    private static List<Trace.Slot> slots(Session open) {
        List<Trace.Slot> slots = new ArrayList<>();
        for (Row row : open.query(SLOTS).values()) {
            slots.add(new Trace.Slot(
                    row.text(0),
                    "t".equals(row.get(1)),
                    "t".equals(row.get(2)),
                    row.get(3),
                    number(row.get(4)),
                    number(row.get(5)),
                    row.get(6)));
        }
        return slots;
    }

    private static List<Trace.Subscription> subscriptions(Session open) {
        List<Trace.Subscription> subscriptions = new ArrayList<>();
        for (Row row : open.query(SUBSCRIPTIONS).values()) {
            subscriptions.add(new Trace.Subscription(
                    row.text(0),
                    row.get(1),
                    "t".equals(row.get(2)),
                    "t".equals(row.get(3)),
                    row.get(4),
                    row.get(5),
                    Optional.ofNullable(row.get(6))
                            .map(tables -> List.of(tables.split(" ")))
                            .orElse(List.of())));
        }
        return subscriptions;
    }

    private static @Nullable Long number(@Nullable String text) {
        return text == null ? null : Long.valueOf(text);
    }

    void close() {
        Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }
}
