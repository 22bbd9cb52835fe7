package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.backup.Dump;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresProgram;
import org.pgminicluster.junit.RequiresServers;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.topology.Topology;

/** What the cluster says when a backup cannot be made; what backups hold is told by the scenarios. */
@MiniClusterTest
class BackupsIT {

    static Topology one() {
        return Topology.named("one").node("vm1").build();
    }

    @Test
    @RequiresProgram("pg_dump")
    @TopologyFrom("one")
    void a_backup_that_fails_says_what_the_program_said_and_what_a_person_would_have_typed(
            MiniCluster cluster, Node vm1) {
        assertThatThrownBy(() -> cluster.backups().dump(vm1, Dump.Format.PLAIN, "--table=it's not there"))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected pg_dump to succeed on vm1, but was exit code 1\n"
                        + "pg_dump: error: no matching tables were found\n"
                        + "after pg_dump --dbname=rep --format=plain --file="
                        + vm1.member().server().files()
                        + "/dump-1.sql '--table=it'\\''s not there'");
        assertThat(cluster.journal().entries().toString())
                .contains("pg_dump --dbname=rep --format=plain", "pg_dump: error: no matching tables were found");
    }

    @Test
    @TopologyFrom("one")
    void wal_is_archived_only_where_that_was_switched_on_before_the_start(MiniCluster cluster, Node vm1) {
        assertThatThrownBy(() -> cluster.backups().archive(vm1))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected archive_mode of vm1 to be on, but was off; give it"
                        + " .setting(\"archive_mode\", \"on\") in the topology");
    }

    @Test
    @RequiresServers(value = ServerKind.PROCESS, because = "an image has its programs")
    void a_program_that_is_not_installed_is_named_with_what_to_do(@TempDir Path empty) {
        Properties properties = new Properties(System.getProperties());
        properties.setProperty("minicluster.programs", empty.toString());
        try (MiniCluster cluster =
                MiniCluster.of(one()).settings(ServerSettings.from(properties)).start()) {
            Node vm1 = cluster.node("vm1");
            assertThatThrownBy(() -> vm1.program("pg_dump", "--schema-only"))
                    .isInstanceOf(MiniClusterException.class)
                    .hasMessage(
                            "expected pg_dump for PostgreSQL " + vm1.version().major()
                                    + " or later to be installed, but was not found; install postgresql-client, say where it is"
                                    + " with -Dminicluster.programs=DIRECTORY, or run with -Dminicluster.servers=container");
        }
    }
}
