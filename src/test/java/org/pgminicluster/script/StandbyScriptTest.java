package org.pgminicluster.script;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

class StandbyScriptTest {

    private final Topology topology = HomeworkTopology.withGuardedStandby();
    private final Script script = Script.of(topology, Peers.byName());

    @Test
    void guards_come_first_then_the_slot_then_the_base_backup() {
        assertThat(script.phase(Step.Phase.STANDBY))
                .extracting(step -> step.node() + ": " + step.command())
                .containsExactly(
                        "vm1: SELECT pg_copy_logical_replication_slot('vm3_test_sub', 'guard_vm4_vm3_test_sub')",
                        "vm2: SELECT pg_copy_logical_replication_slot('vm3_test2_sub', 'guard_vm4_vm3_test2_sub')",
                        "vm3: SELECT pg_create_physical_replication_slot('vm4', true)",
                        "vm4: pg_basebackup --pgdata=\"$PGDATA\" --dbname=\"host=vm3 port=5432 user=standby_vm4"
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
                        "no subscription of its own may start before it is led to the guard slots"))
                .containsAll(NodeSettings.of(topology, topology.node("vm3")).stream()
                        .filter(setting -> !setting.name().equals(NodeSettings.WORKERS))
                        .toList());
    }

    @Test
    void a_person_types_it_in_a_shell() {
        assertThat(PsqlScript.of(topology, "vm4"))
                .startsWith("# vm4, as the server's user in a shell, with an empty data directory\n")
                .contains("\npg_basebackup --pgdata=\"$PGDATA\" ")
                .contains("\nmax_logical_replication_workers = '0'  # ");
        assertThat(PsqlScript.of(topology, "vm3"))
                .contains("-- pg_hba.conf: host replication standby_vm4 all scram-sha-256\n");
    }

    @Test
    void a_slot_name_that_would_be_too_long_stays_unique() {
        String a = Slots.guard("vm4", "a".repeat(70) + "1");
        String b = Slots.guard("vm4", "a".repeat(70) + "2");

        assertThat(a).hasSize(63).matches("[a-z0-9_]+").isNotEqualTo(b);
        assertThat(Slots.guard("standby-1", "Größe \"x\"")).isEqualTo("guard_standby_1_gr__e__x_");
    }

    private List<String> typedOn(String node) {
        return script.on(node).stream().map(step -> step.command().toString()).toList();
    }

    private List<Setting> settings(String standby) {
        return NodeSettings.of(topology, topology.standby(standby).orElseThrow(), 13);
    }
}
