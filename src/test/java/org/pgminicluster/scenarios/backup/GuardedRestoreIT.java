package org.pgminicluster.scenarios.backup;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.backup.Dump;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresProgram;
import org.pgminicluster.junit.TopologyFrom;

/**
 * A guard stops whoever restores rows as it stops any other writer. A full dump passes: it makes the triggers last.
 *
 * @see <a href="https://www.postgresql.org/docs/13/app-pgrestore.html">pg_restore, --disable-triggers</a>
 */
@MiniClusterTest
@RequiresProgram({"pg_dump", "pg_restore"})
@TopologyFrom("org.pgminicluster.scenarios.backup.BackupTopology#withArchive")
class GuardedRestoreIT {

    @Test
    @Behaviour("bak-data-only-restore-meets-guard")
    @RequiresPostgres(min = 11, because = "a later pg_dump writes EXECUTE FUNCTION, which 10 does not know")
    void a_data_only_dump_is_refused_by_the_guard_unless_triggers_are_disabled(
            MiniCluster cluster, Node vm1, Node vm3, Node fresh) {
        vm1.execute("INSERT INTO test VALUES (1, 'saved')");
        cluster.awaitReplicated();
        Dump whole = cluster.backups().dump(vm3, Dump.Format.CUSTOM, "--no-subscriptions");

        cluster.backups().restore(whole, fresh);

        assertThat(fresh)
                .table("test")
                .as("a full dump makes the triggers last")
                .hasRows(row(1, "saved"));
        assertThat(fresh).rejects("DELETE FROM test").withMessage("Cannot modify table.");
        fresh.execute("SET session_replication_role = replica; TRUNCATE test; RESET session_replication_role");

        assertThatThrownBy(() -> cluster.backups().restore(whole, fresh, "--data-only", "--table=test"))
                .hasMessageContaining("COPY failed for table \"test\": ERROR:  Cannot modify table.");
        assertThat(fresh).table("test").isEmpty();

        cluster.backups().restore(whole, fresh, "--data-only", "--table=test", "--disable-triggers");
        assertThat(fresh).table("test").hasRows(row(1, "saved"));
        assertThat(fresh).rejects("DELETE FROM test").as("the guard is back").withMessage("Cannot modify table.");
    }
}
