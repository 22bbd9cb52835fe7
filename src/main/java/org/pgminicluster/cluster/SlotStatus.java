package org.pgminicluster.cluster;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Row;

/**
 * A replication slot as its server has it at one moment.
 *
 * @param name its name
 * @param active whether somebody streams from it
 * @param walStatus {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}; empty if nothing is kept for
 *     it, and before PostgreSQL 13
 * @param lag how many bytes of WAL the server has written that the slot's user has not confirmed; empty if the slot has
 *     no position
 * @see <a href="https://www.postgresql.org/docs/13/view-pg-replication-slots.html">pg_replication_slots</a>
 */
public record SlotStatus(String name, boolean active, Optional<String> walStatus, Optional<Long> lag) {

    /** As JSON, since the column is not there before 13; a standby has its position elsewhere. */
    private static final String SLOT = """
            SELECT s.active, to_jsonb(s) ->> 'wal_status',
                   CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END
                   - coalesce(s.confirmed_flush_lsn, s.restart_lsn)
              FROM pg_replication_slots s WHERE s.slot_name = ?""";

    static Optional<SlotStatus> read(Node node, String name) {
        return node.look(SLOT, name).values().stream().findFirst().map(row -> read(name, row));
    }

    private static SlotStatus read(String name, Row row) {
        @Nullable String lag = row.get(2);
        return new SlotStatus(
                name,
                "t".equals(row.get(0)),
                Optional.ofNullable(row.get(1)),
                Optional.ofNullable(lag).map(Long::valueOf));
    }

    /** Such as {@code active, WAL reserved, 56 bytes behind}. */
    @Override
    public String toString() {
        return (active ? "active" : "inactive")
                + walStatus.map(status -> ", WAL " + status).orElse("")
                + lag.map(bytes -> ", " + bytes + (bytes == 1 ? " byte" : " bytes") + " behind")
                        .orElse("");
    }
}
