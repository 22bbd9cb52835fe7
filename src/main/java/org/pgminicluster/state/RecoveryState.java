package org.pgminicluster.state;

import java.io.Serializable;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * How a standby follows.
 *
 * @param slot the slot on its primary that it streams from; empty if none
 * @param conninfo how it connects
 * @param receiver what its walreceiver does, {@code not connected} if there is none
 * @param received up to where it has received WAL
 * @param replayed up to where it has replayed it
 * @param lastCommit when the last transaction that it has replayed was committed
 * @see <a href="https://www.postgresql.org/docs/13/monitoring-stats.html#MONITORING-PG-STAT-WAL-RECEIVER-VIEW">
 *     pg_stat_wal_receiver</a>
 */
@API(status = API.Status.MAINTAINED)
public record RecoveryState(
        String slot,
        String conninfo,
        String receiver,
        @Nullable Lsn received,
        @Nullable Lsn replayed,
        @Nullable String lastCommit)
        implements Serializable {}
