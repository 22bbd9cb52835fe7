package org.pgminicluster.scenarios.backup;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.backup.PhysicalBackup;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresProgram;
import org.pgminicluster.junit.TopologyFrom;

/**
 * A base backup of the subscriber and its WAL archive bring it back as it was at a named point.
 *
 * @see <a href="https://www.postgresql.org/docs/13/continuous-archiving.html">Continuous Archiving and Point-in-Time
 *     Recovery</a>
 */
@MiniClusterTest
@RequiresProgram("pg_basebackup")
@TopologyFrom("org.pgminicluster.scenarios.backup.BackupTopology#withArchive")
class PointInTimeIT {

    @Test
    @Behaviour({"bak-pitr-named-point", "bak-basebackup-contains-subscriptions", "bak-basebackup-excludes-slots"})
    void a_base_backup_under_load_and_the_archive_bring_back_the_moment_before_a_mistake(
            MiniCluster cluster, Node vm1, Node vm2, Node vm3, Node fresh) {
        vm3.query("SELECT pg_create_physical_replication_slot('kept', true)");
        cluster.backups().archive(vm3);
        PhysicalBackup backup;
        try (Counting first = new Counting(cluster, vm1, "test");
                Counting second = new Counting(cluster, vm2, "test2")) {
            first.awaitMore(20);
            backup = cluster.backups().base(vm3);
            second.awaitMore(20);
            vm3.query("SELECT pg_create_restore_point('before the mistake')");
        }
        cluster.awaitReplicated();
        String before = vm3.query("SELECT n FROM test_count").value();
        vm1.execute("INSERT INTO test VALUES (-1, 'after the point'); DELETE FROM test WHERE id > 0");
        cluster.awaitReplicated();
        cluster.backups().awaitArchived(vm3);
        vm3.kill();

        cluster.backups().recover(backup, fresh, "before the mistake");

        assertThat(fresh).query(Counting.isOfOneMoment("test")).hasValue(true);
        assertThat(fresh).query(Counting.isOfOneMoment("test2")).hasValue(true);
        assertThat(fresh)
                .query("SELECT n BETWEEN 20 AND " + before + " FROM test_count")
                .hasValue(true);
        assertThat(fresh).query("SELECT * FROM test WHERE id = -1").isEmpty();
        assertThat(fresh).query("SELECT * FROM pg_replication_slots").isEmpty();
        assertThat(fresh)
                .query("SELECT subname, subenabled FROM pg_subscription ORDER BY 1")
                .as("its subscriptions are those of vm3, and would take its slots")
                .hasRows(row("vm3_test2_sub", true), row("vm3_test_sub", true));
        assertThat(fresh)
                .query("SELECT * FROM pg_stat_subscription WHERE pid IS NOT NULL")
                .isEmpty();
    }

    @Test
    @RequiresPostgres(min = 13, because = "before, a recovery that missed its target ended as if it had reached it")
    @Behaviour("bak-pitr-target-not-reached")
    void a_recovery_that_does_not_come_to_its_target_fails(MiniCluster cluster, Node vm3, Node fresh) {
        cluster.backups().archive(vm3);
        PhysicalBackup backup = cluster.backups().base(vm3);
        cluster.backups().awaitArchived(vm3);

        assertThatThrownBy(() -> cluster.backups().recover(backup, fresh, "never made"))
                .hasMessageContaining("FATAL:  recovery ended before configured recovery target was reached");
    }
}
