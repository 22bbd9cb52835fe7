package org.pgminicluster.state;

import java.io.Serializable;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * A replication slot as its server has it at one moment, with the walsender that has it; or a walsender without a slot.
 *
 * @param name the slot's name; empty if a walsender has none
 * @param physical whether it is for a standby or a backup, not for a subscription
 * @param plugin the output plugin of a logical slot
 * @param database the database of a logical slot
 * @param temporary whether it ends with its session
 * @param synced whether a standby has it from its primary's (from PostgreSQL 17)
 * @param activePid the process that has it now; null if nobody has
 * @param holder the role of that process; empty if nobody has it
 * @param restart the oldest WAL that it keeps
 * @param confirmed where whoever streams from it begins, if not later; of logical slots only
 * @param wal {@code reserved}, {@code extended}, {@code unreserved} or {@code lost}; null if nothing is kept for it, and
 *     before PostgreSQL 13
 * @param written up to where the server had written its WAL, or replayed it, when this was read
 * @param walsender who streams from it
 * @see <a href="https://www.postgresql.org/docs/13/view-pg-replication-slots.html">pg_replication_slots</a>
 */
@API(status = API.Status.MAINTAINED)
public record SlotState(
        String name,
        boolean physical,
        @Nullable String plugin,
        @Nullable String database,
        boolean temporary,
        boolean synced,
        @Nullable Integer activePid,
        String holder,
        @Nullable Lsn restart,
        @Nullable Lsn confirmed,
        @Nullable String wal,
        Lsn written,
        @Nullable Walsender walsender)
        implements Serializable {

    /**
     * A walsender, and what it has heard from its client.
     *
     * @param application the client's application name: by convention that of the subscription, or the standby
     * @param phase {@code startup}, {@code catchup}, {@code streaming}, {@code backup} or {@code stopping}
     * @param sync {@code async}, {@code sync}, {@code potential} or {@code quorum}
     * @see <a href="https://www.postgresql.org/docs/13/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW">
     *     pg_stat_replication</a>
     */
    public record Walsender(
            int pid,
            String application,
            String phase,
            @Nullable Lsn sent,
            @Nullable Lsn flushed,
            @Nullable Lsn replayed,
            String sync)
            implements Serializable {}

    /** Whether somebody streams from it. */
    public boolean active() {
        return activePid != null;
    }

    /** What there is of the WAL that it needs, from PostgreSQL 13. */
    public Optional<String> walStatus() {
        return Optional.ofNullable(wal);
    }

    /** Whether WAL that it needs is gone. */
    public boolean lost() {
        return "lost".equals(wal);
    }

    /** How many bytes of WAL the server has written that the slot's user has not confirmed; empty without a position. */
    public Optional<Long> lag() {
        return Optional.ofNullable(confirmed)
                .or(() -> Optional.ofNullable(restart))
                .map(written::minus);
    }

    /** How many bytes of WAL are kept for it; null if none are. */
    public @Nullable Long retained() {
        return restart == null ? null : written.minus(restart);
    }

    /** Up to where its user has said that it has everything; null if it has said nothing. */
    public @Nullable Lsn reported() {
        Lsn replayed = walsender == null ? null : walsender.replayed();
        if (replayed == null || confirmed == null) {
            return replayed == null ? confirmed : replayed;
        }
        return replayed.compareTo(confirmed) > 0 ? replayed : confirmed;
    }

    /** Whether it is for the first copy of one table, and goes when that is made (from PostgreSQL 14). */
    public boolean copiesATable() {
        return name.matches("pg_\\d+_sync_\\d+_\\d+")
                || name.isEmpty()
                        && walsender != null
                        && walsender.application().contains("_sync_");
    }

    /** Such as {@code active, WAL reserved, 56 bytes behind}. */
    @Override
    public String toString() {
        return (active() ? "active" : "inactive")
                + walStatus().map(status -> ", WAL " + status).orElse("")
                + lag().map(bytes -> ", " + bytes + (bytes == 1 ? " byte" : " bytes") + " behind")
                        .orElse("");
    }
}
