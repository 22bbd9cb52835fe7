package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

class StandbyScriptTest {

    private final Topology topology = HomeworkTopology.withGuardedStandby();
    private final Script script = Script.of(topology, Peers.byName());

    @Test
    void failover_slots_come_first_then_the_slot_then_the_base_backup() {
        assertThat(script.phase(Step.Phase.STANDBY))
                .extracting(step -> step.node() + ": " + step.command())
                .containsExactly(
                        "vm1: SELECT pg_copy_logical_replication_slot('vm3_test_sub', 'failover_vm4_vm3_test_sub')",
                        "vm2: SELECT pg_copy_logical_replication_slot('vm3_test2_sub', 'failover_vm4_vm3_test2_sub')",
                        "vm3: SELECT pg_create_physical_replication_slot('vm4', true)",
                        "vm4: pg_basebackup --pgdata=\"$PGDATA\" --dbname=\"host=vm3 port=5432 dbname=rep user=standby_vm4"
                                + " passfile=/var/lib/postgresql/.pgpass application_name=vm4\" --wal-method=stream"
                                + " --checkpoint=fast --write-recovery-conf --slot=vm4");
    }

    @Test
    void whoever_may_take_over_has_a_login_wherever_its_primary_has() {
        assertThat(typedOn("vm1")).contains("CREATE ROLE replicator_vm4 LOGIN REPLICATION IN ROLE replicator");
        assertThat(typedOn("vm3"))
                .contains("CREATE ROLE standby_vm4 LOGIN REPLICATION", "CREATE ROLE standby_vm3 LOGIN REPLICATION");
    }

    @Test
    void a_standby_has_room_for_what_its_primary_has_and_a_guarded_one_starts_no_subscription() {
        assertThat(settings("vm4"))
                .contains(new Setting(
                        "max_logical_replication_workers",
                        "0",
                        "no subscription of its own may start before it is led to the failover slots"))
                .containsAll(NodeSettings.of(topology, topology.node("vm3")).stream()
                        .filter(setting -> !setting.name().equals(NodeSettings.WORKERS))
                        .toList());
    }

    @Test
    void what_subscribes_to_a_standby_comes_when_that_is_there_and_logs_in_by_what_the_node_above_it_has() {
        Topology relieved = Topology.named("relieved")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node("vm1", n -> n.publishes("items", "item"))
                .node("vm3", n -> n.subscribes("copy", "vm2", "items"))
                .standby("vm2")
                .of("vm1")
                .build();
        Script steps = Script.of(relieved, Peers.byName(), 16);

        assertThat(steps.steps().get(steps.steps().size() - 1))
                .returns(Step.Phase.SUBSCRIBE_TO_STANDBY, Step::phase)
                .returns("vm3", Step::node)
                .returns(
                        "What this node copies from vm2, a standby of vm1. While it waits for its slot, and for that of"
                                + " each table, say SELECT pg_log_standby_snapshot() on vm1.",
                        Step::reason)
                .extracting(step -> step.command().toString())
                .asString()
                .contains("CREATE SUBSCRIPTION copy", "host=vm2");
        assertThat(steps.on("vm1"))
                .extracting(step -> step.command().toString())
                .contains("CREATE ROLE replicator_vm3 LOGIN REPLICATION IN ROLE replicator");
        assertThat(NodeSettings.asMap(
                        NodeSettings.of(relieved, relieved.standbys().get(0), 16)))
                .containsEntry("hot_standby_feedback", "on")
                .containsEntry("wal_level", "logical");
        assertThat(PsqlScript.of(relieved, "vm3", 16))
                .contains("mode 0600: vm2:5432:*:replicator_vm3:PASSWORD", "-- go on when vm2 came this far");
        assertThat(PsqlScript.of(relieved, "vm1", 16))
                .contains("-- pg_hba.conf: host all replicator_vm3 all scram-sha-256");
    }

    @Test
    void a_person_types_it_in_a_shell() {
        assertThat(PsqlScript.of(topology, "vm4"))
                .startsWith("# vm4, as the server's user in a shell, with an empty data directory\n")
                .contains("\npg_basebackup --pgdata=\"$PGDATA\" ")
                .contains("\nmax_logical_replication_workers = '0'  # ")
                .contains(
                        "mode 0600: vm3:5432:*:standby_vm4:PASSWORD", "mode 0600: vm1:5432:*:replicator_vm4:PASSWORD");
        assertThat(PsqlScript.of(topology, "vm1"))
                .contains("-- pg_hba.conf: host all replicator_vm4 all scram-sha-256\n")
                .containsPattern("(?s)-- go on when vm3 has subscribed\n.*pg_copy_logical_replication_slot");
        assertThat(PsqlScript.of(topology, "vm3"))
                .contains("-- pg_hba.conf: host replication standby_vm4 all scram-sha-256\n");
    }

    @Test
    void the_slots_of_no_two_subscriptions_are_named_alike_whatever_they_and_their_standbys_are_called() {
        List<String> subscriptions = List.of(
                "a",
                "A",
                "a_b",
                "_b",
                "отчёт",
                "склад",
                "a".repeat(62) + "1",
                "a".repeat(62) + "2",
                "x0123456789abcdef_a",
                "Größe \"x\"");
        List<String> names = List.of("vm4", "vm4-a", "vm4-x", "a-b-c-d-e-f-g-h-i-j-k-l-m-n", "s".repeat(40)).stream()
                .flatMap(standby -> subscriptions.stream()
                        .flatMap(subscription -> Stream.of("rep", "other")
                                .map(database -> Slots.failover(topology, standby, database, subscription))))
                .toList();

        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z0-9_]{1,63}"));
        assertThat(Slots.failover(topology, "vm4", topology.database(), "vm3_test_sub"))
                .isEqualTo("failover_vm4_vm3_test_sub");
        assertThat(names.stream().filter(name -> Slots.isFailover("vm4", name)))
                .as("those of vm4 alone")
                .hasSize(2 * subscriptions.size());
    }

    @Test
    void a_standby_of_a_standby_is_copied_from_that_and_keeps_its_place_there_by_a_slot_of_its_own() {
        Topology chain = Topology.named("chain")
                .node("a", a -> {})
                .standby("c")
                .of("b")
                .standby("b")
                .of("a")
                .build();
        Script script = Script.of(chain, Peers.byName());

        assertThat(script.phase(Step.Phase.STANDBY))
                .extracting(step -> step.node() + ": " + step.command())
                .containsExactly(
                        "a: SELECT pg_create_physical_replication_slot('b', true)",
                        "b: " + baseBackup("b", "a"),
                        "b: SELECT pg_create_physical_replication_slot('c', true)",
                        "c: " + baseBackup("c", "b"));
        assertThat(script.phase(Step.Phase.ROLE))
                .extracting(step -> step.command().toString())
                .contains(
                        "CREATE ROLE standby_a LOGIN REPLICATION",
                        "CREATE ROLE standby_b LOGIN REPLICATION",
                        "CREATE ROLE standby_c LOGIN REPLICATION");
        assertThat(PsqlScript.of(chain, "a"))
                .contains(
                        "-- pg_hba.conf: host replication standby_b all",
                        "-- pg_hba.conf: host replication standby_c all");
        assertThat(PsqlScript.of(chain, "b"))
                .contains("\n" + baseBackup("b", "a") + "\n")
                .endsWith("\npsql --dbname=rep --command=\"SELECT pg_create_physical_replication_slot('c', true)\"\n");
        assertThat(PsqlScript.of(chain, "c")).contains("\n" + baseBackup("c", "b") + "\n");
    }

    private static String baseBackup(String standby, String primary) {
        return "pg_basebackup --pgdata=\"$PGDATA\" --dbname=\"host=" + primary + " port=5432 dbname=rep user=standby_"
                + standby + " passfile=/var/lib/postgresql/.pgpass application_name=" + standby
                + "\" --wal-method=stream --checkpoint=fast --write-recovery-conf --slot=" + standby;
    }

    private List<String> typedOn(String node) {
        return script.on(node).stream().map(step -> step.command().toString()).toList();
    }

    private List<Setting> settings(String standby) {
        return NodeSettings.of(topology, topology.standby(standby).orElseThrow(), 13);
    }
}
