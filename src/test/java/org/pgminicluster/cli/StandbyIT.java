package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.junit.RequiresStandbys;

/** The fourth node by hand: it follows, takes over, and the old primary comes back as its standby. */
@Order(3)
@RequiresStandbys
class StandbyIT {

    @TempDir
    Path directory;

    private Launcher minicluster;

    @BeforeEach
    void launcher() {
        minicluster = new Launcher(directory);
    }

    @AfterEach
    void down() {
        minicluster.run("down");
    }

    private void awaitHealthy(String... lines) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Cli.Result status = minicluster.run("status");
            assertThat(status.exit()).as("%s", status).isZero();
            for (String line : lines) {
                assertThat(status.out()).containsPattern("(?m)^" + line);
            }
        });
    }

    @Test
    void a_standby_takes_over_and_its_old_primary_rejoins() {
        Cli.Result up = minicluster.up("--guarded");
        assertThat(up.exit()).as("%s", up).isZero();
        assertThat(up.out()).contains("$ pg_basebackup ", "│ vm4  standby, a copy of all of vm3");
        assertThat(minicluster.up("--standby").err())
                .contains("expected no other cluster to be up, but was homework with a guarded standby: ");
        awaitHealthy(
                "vm4 +standby ",
                "vm4 +\\(standby\\) +vm3 +vm4 +\\d+ B +streaming",
                "A failover from vm3 to vm4 now would lose nothing\\.");

        minicluster.run("sql", "vm1", "-c", "CREATE TABLE item (id integer PRIMARY KEY)");
        minicluster.run("sql", "vm1", "-c", "ALTER PUBLICATION test_pub ADD TABLE item");
        minicluster.run("fault", "kill", "vm3");
        assertThat(minicluster.run("status").out())
                .contains("A failover from vm3 to vm4 now would be refused, because table item is");
        Cli.Result refused = minicluster.run("fault", "failover", "vm3", "vm4");
        assertThat(refused.exit()).as("%s", refused).isEqualTo(1);
        assertThat(refused.err().strip())
                .isEqualTo("minicluster: expected vm4 to be ready to take over from vm3, but was not: table item is"
                        + " published by vm1 to subscription vm3_test_sub, which has it not on vm4, and vm3 may have"
                        + " copied it, start vm3 and let vm4 replay what it has written, or take the table out of the"
                        + " publication until vm4 has taken over, then add it again and refresh the subscription;"
                        + " nothing was changed");
        minicluster.run("sql", "vm1", "-c", "ALTER PUBLICATION test_pub DROP TABLE item");
        Cli.Result failover = minicluster.run("fault", "failover", "vm3", "vm4");
        assertThat(failover.exit()).as("%s", failover).isZero();
        assertThat(failover.out())
                .containsPattern("replicator_vm3\\W.*reject")
                .contains("/* vm4 # */ SELECT pg_promote();\n")
                .containsPattern("(?m)^\\$ .*max_logical_replication_workers=14")
                .contains("/* vm4 # */ ALTER SUBSCRIPTION vm3_test_sub ENABLE;\n")
                .contains("/* vm1 # */ SELECT pg_drop_replication_slot('vm3_test_sub');\n")
                .containsPattern(
                        "A guarded failover from vm3 to vm4 in \\d+ ms, going on: vm3_test2_sub, vm3_test_sub\\.");

        Cli.Result rejoin = minicluster.run("fault", "rejoin", "vm3");
        assertThat(rejoin.exit()).as("%s", rejoin).isZero();
        assertThat(rejoin.out())
                .contains("/* vm4 # */ SELECT pg_create_physical_replication_slot('vm3', true);\n")
                .containsPattern("(pg_rewind|rm -rf .* && .*pg_basebackup) .*user=standby_vm3 .*application_name=vm3");
        awaitHealthy("vm3 +standby ", "vm3 +\\(standby\\) +vm4 ", "vm4 +vm3_test_sub +vm1 +failover_vm4_vm3_test_sub ");
    }
}
