package org.pgminicluster.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import org.pgminicluster.journal.Row;

/**
 * A slot of a publisher that lasts, as it is now.
 *
 * @param confirmed where whoever streams from it begins, if not later
 * @param lost whether WAL that it needs is gone
 * @param holder the role that streams from it; empty if nobody does
 */
record LogicalSlot(String name, String plugin, Lsn confirmed, boolean lost, String holder) {

    /** As JSON, since some columns are younger than others; a standby's copies of its primary's are nobody's. */
    private static final String ALL = """
            SELECT s.slot_name, s.plugin, coalesce(s.confirmed_flush_lsn, '0/0'),
                   coalesce(to_jsonb(s) ->> 'wal_status', '') = 'lost', coalesce(a.usename, '')
              FROM pg_replication_slots s LEFT JOIN pg_stat_activity a ON a.pid = s.active_pid
             WHERE s.slot_type = 'logical' AND NOT s.temporary
               AND NOT (pg_is_in_recovery() AND coalesce(to_jsonb(s) ->> 'synced', 'false') = 'true')
             ORDER BY 1""";

    /** By name. */
    static Map<String, LogicalSlot> on(Node publisher) {
        Map<String, LogicalSlot> all = new LinkedHashMap<>();
        for (Row row : publisher.look(ALL).values()) {
            all.put(
                    row.text(0),
                    new LogicalSlot(
                            row.text(0), row.text(1), Lsn.parse(row.text(2)), "t".equals(row.get(3)), row.text(4)));
        }
        return all;
    }
}
