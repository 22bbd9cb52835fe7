package org.pgminicluster.scenarios.backup;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.pgminicluster.backup.Backups;
import org.pgminicluster.backup.PhysicalBackup;
import org.pgminicluster.backup.RecoveryTarget;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresProgram;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.state.Lsn;
import org.pgminicluster.topology.Topology;

/**
 * A recovery goes up to a transaction, a time, a position or the backup's end, and with or without what is named.
 *
 * @see <a href="https://www.postgresql.org/docs/13/runtime-config-wal.html#RUNTIME-CONFIG-WAL-RECOVERY-TARGET">Recovery
 *     Target</a>
 */
@MiniClusterTest
@RequiresProgram("pg_basebackup")
@TopologyFrom("archived")
class RecoveryTargetsIT {

    static Topology archived() {
        return Topology.named("archived")
                .node("shop", n -> n.schema("CREATE TABLE sale (id integer)").setting("archive_mode", "on"))
                .node("fresh")
                .build();
    }

    @Test
    void a_recovery_ends_where_it_is_told_to(MiniCluster cluster, Node shop, Node fresh) {
        Backups backups = cluster.backups();
        backups.archive(shop);
        PhysicalBackup backup = backups.base(shop);
        sell(shop, 1);
        long second = sell(shop, 2);
        Lsn afterSecond = shop.currentLsn();
        Instant then = Instant.parse(String.valueOf(
                shop.query("SELECT to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')")
                        .value()));
        sell(shop, 3);
        backups.awaitArchived(shop);

        backups.recover(backup, fresh, RecoveryTarget.immediate());
        assertThat(fresh).table("sale").isEmpty();
        backups.recover(backup, fresh, RecoveryTarget.xid(second).exclusive());
        assertThat(fresh).table("sale").hasRows(row(1));
        backups.recover(backup, fresh, RecoveryTarget.xid(second));
        assertThat(fresh).table("sale").hasRows(row(1), row(2));
        backups.recover(backup, fresh, RecoveryTarget.lsn(afterSecond));
        assertThat(fresh).table("sale").hasRows(row(1), row(2));
        backups.recover(backup, fresh, RecoveryTarget.time(then));
        assertThat(fresh).table("sale").hasRows(row(1), row(2));
        fresh.execute("INSERT INTO sale VALUES (4)");
    }

    /** In a transaction of that number. */
    private static long sell(Node shop, int id) {
        return shop.run("INSERT INTO sale VALUES (" + id + "); SELECT txid_current()")
                .each()
                .get(1)
                .rows()
                .number();
    }
}
