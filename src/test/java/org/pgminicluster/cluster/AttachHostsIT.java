package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.backup.Dump;
import org.pgminicluster.junit.RequiresProgram;
import org.pgminicluster.junit.RequiresServers;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.attached.Attached;
import org.pgminicluster.topology.HomeworkTopology;

/** The homework on three machines that somebody has set up with initdb and pg_ctl, reached from here and from each other. */
@TestInstance(Lifecycle.PER_CLASS)
@RequiresServers(value = ServerKind.PROCESS, because = "their programs are taken from its binaries")
class AttachHostsIT {

    private Hosts hosts;

    @BeforeAll
    void start(@TempDir Path directory, TestReporter reporter) {
        Path binaries;
        try (MiniCluster any = MiniCluster.of(SmallTopologies.oneWay())
                .name("AttachHostsIT-binaries")
                .bare()
                .start()) {
            binaries = Path.of(String.valueOf(any.nodes()
                    .get(0)
                    .query("SELECT setting FROM pg_config() WHERE name = 'BINDIR'")
                    .value()));
        }
        hosts = Hosts.start(binaries, directory);
        reporter.publishEntry("the three machines are", hosts.kind());
    }

    @AfterAll
    void end() {
        if (hosts != null) {
            hosts.close();
        }
    }

    private Attached attached(String name) {
        return Attached.at(hosts.outside(name), Hosts.PORT).password(Hosts.PASSWORD);
    }

    private Map<String, Attached> attached() {
        Map<String, Attached> servers = new LinkedHashMap<>();
        for (String name : HomeworkTopology.create().names()) {
            servers.put(name, attached(name).reachedBy(hosts.inside(name), Hosts.PORT));
        }
        return servers;
    }

    private MiniCluster attach(TestInfo test) {
        return MiniCluster.of(HomeworkTopology.create())
                .name("AttachHostsIT-" + test.getTestMethod().orElseThrow().getName())
                .attach(attached());
    }

    @Test
    void the_homework_is_set_up_on_three_machines_and_taken_away_again(TestInfo test) {
        try (MiniCluster cluster = attach(test)) {
            cluster.node("vm1").execute("INSERT INTO test VALUES (1, 'one')");
            cluster.node("vm2").execute("INSERT INTO test2 VALUES (2, 'two')");

            assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
            assertThat(cluster).table("test2").convergesOn("vm1", "vm2", "vm3");
            assertThat(cluster.node("vm3")).table("test2").hasRows(row(2, "two"));
            assertThat(cluster.node("vm3")
                            .query("SELECT subconninfo FROM pg_subscription")
                            .texts())
                    .hasSize(2)
                    .allMatch(conninfo -> conninfo.startsWith("host=" + hosts.inside("vm1") + " port=5432")
                            || conninfo.startsWith("host=" + hosts.inside("vm2") + " port=5432"));
            assertThat(cluster.node("vm1")
                            .query("SELECT DISTINCT host(client_addr) FROM pg_stat_replication ORDER BY 1")
                            .texts())
                    .isEqualTo(
                            hosts.areSeparate()
                                    ? List.of(hosts.inside("vm2"), hosts.inside("vm3"))
                                    : List.of("127.0.0.1"));
        }
        try (MiniCluster again = attach(test)) {
            assertThat(again.node("vm3")).table("test").hasRows();
        }
    }

    @Test
    @RequiresProgram({"pg_dump", "pg_restore"})
    void programs_of_this_machine_dump_and_restore_what_is_on_another(TestInfo test) {
        try (MiniCluster cluster = attach(test)) {
            Node vm3 = cluster.node("vm3");
            cluster.node("vm1").execute("INSERT INTO test VALUES (1, 'one')");
            cluster.awaitReplicated();

            assertThat(vm3.program("pg_dump", "--schema-only", "--table=test").output())
                    .contains("CREATE TABLE public.test");
            Dump dump = cluster.backups().dump(vm3, Dump.Format.CUSTOM, "--table=test", "--no-owner");
            vm3.in("postgres").execute("CREATE DATABASE restored");
            cluster.backups().restore(dump, vm3.in("restored"), "--section=pre-data", "--section=data");
            assertThat(vm3.in("restored")).table("test").hasRows(row(1, "one"));
            vm3.in("restored").member().disconnect();
            vm3.in("postgres").execute("DROP DATABASE restored");
            assertThat(cluster.journal().entries().toString()).doesNotContain(Hosts.PASSWORD);
        }
    }

    @Test
    void who_forgets_that_machines_reach_each_other_elsewhere_is_told(TestInfo test) {
        assumeThat(hosts.areSeparate())
                .as("machines with two addresses, but here they are " + hosts.kind())
                .isTrue();
        Map<String, Attached> servers = attached();
        servers.put("vm2", attached("vm2"));

        assertThatThrownBy(() -> MiniCluster.of(HomeworkTopology.create())
                        .name("AttachHostsIT-forgotten")
                        .attach(servers))
                .hasMessageContaining("expected vm3 to reach vm2 at 198.51.100.2:5432, but does not (")
                .hasMessageContaining(
                        "; let vm2 listen there, or say by Attached.reachedBy(host, port) where other nodes"
                                + " reach it");
    }
}
