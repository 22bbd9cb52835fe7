package org.pgminicluster.scenarios.backup;

import static org.assertj.core.api.Assertions.assertThat;
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
 * A dump has no slots, no progress of subscriptions and no roles: those belong to servers, not to a database.
 *
 * @see <a href="https://www.postgresql.org/docs/13/app-pgdump.html#PG-DUMP-NOTES">pg_dump, Notes</a>
 */
@MiniClusterTest
@RequiresProgram({"pg_dump", "pg_restore"})
@TopologyFrom("org.pgminicluster.scenarios.backup.BackupTopology#withArchive")
class WhatADumpLacksIT {

    @Test
    @Behaviour({"bak-dump-subscription-not-connected", "bak-dump-does-not-hold-slots-or-origins"})
    @RequiresPostgres(min = 11, because = "a later pg_dump writes EXECUTE FUNCTION, which 10 does not know")
    void a_restored_subscription_is_not_connected_and_has_neither_slot_nor_progress(
            MiniCluster cluster, Node vm1, Node vm3, Node fresh) {
        vm1.execute("INSERT INTO test VALUES (1, 'before the dump')");
        cluster.awaitReplicated();

        cluster.backups().restore(cluster.backups().dump(vm3, Dump.Format.CUSTOM), fresh);

        assertThat(fresh)
                .query("SELECT subname, subenabled, subslotname FROM pg_subscription ORDER BY 1")
                .hasRows(row("vm3_test2_sub", false, "vm3_test2_sub"), row("vm3_test_sub", false, "vm3_test_sub"));
        assertThat(fresh).query("SELECT * FROM pg_subscription_rel").isEmpty();
        assertThat(fresh).query("SELECT * FROM pg_replication_origin_status").isEmpty();
        assertThat(fresh).query("SELECT * FROM pg_replication_slots").isEmpty();

        vm1.execute("INSERT INTO test VALUES (2, 'after the dump')");
        cluster.awaitReplicated();
        assertThat(vm3).query("SELECT id FROM test ORDER BY 1").hasRows(row(1), row(2));
        assertThat(fresh).query("SELECT id FROM test").hasRows(row(1));
        for (String subscription : new String[] {"vm3_test_sub", "vm3_test2_sub"}) {
            fresh.execute("ALTER SUBSCRIPTION " + subscription + " SET (slot_name = NONE)");
            fresh.execute("DROP SUBSCRIPTION " + subscription);
        }
        assertThat(vm1)
                .slot("vm3_test_sub")
                .as("dropped without its slot, it took nothing from vm3")
                .isActive();
    }

    @Test
    @Behaviour({"bak-dump-switches", "bak-dump-schema-only-bootstraps"})
    void subscriptions_can_be_left_out_of_a_dump(Node vm3) {
        assertThat(vm3.program("pg_dump", "--schema-only").output())
                .contains("CREATE SUBSCRIPTION vm3_test_sub", "connect = false, slot_name = 'vm3_test_sub'");
        assertThat(vm3.program("pg_dump", "--schema-only", "--no-subscriptions").output())
                .contains("CREATE TABLE public.test ")
                .doesNotContain("SUBSCRIPTION");
    }

    @Test
    @RequiresProgram("pg_dumpall")
    @Behaviour("bak-dump-lacks-roles")
    @RequiresPostgres(min = 11, because = "a later pg_dump writes EXECUTE FUNCTION, which 10 does not know")
    void a_dump_of_a_publisher_grants_to_roles_that_it_does_not_make(MiniCluster cluster, Node vm1, Node fresh) {
        Dump dump = cluster.backups().dump(vm1, Dump.Format.CUSTOM);

        assertThatThrownBy(() -> cluster.backups().restore(dump, fresh, "--single-transaction"))
                .hasMessageContaining("ERROR:  role \"replicator\" does not exist");

        assertThat(vm1.program("pg_dumpall", "--roles-only").output()).contains("CREATE ROLE replicator;");
        cluster.backups().restore(dump, fresh, "--no-privileges");
        assertThat(fresh).query("SELECT pubname FROM pg_publication").hasValue("test_pub");
    }
}
