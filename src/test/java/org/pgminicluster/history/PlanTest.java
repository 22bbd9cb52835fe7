package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.history.Plan.Attempt;
import org.pgminicluster.history.Plan.Change;
import org.pgminicluster.history.Plan.FaultKind;
import org.pgminicluster.history.Plan.PlannedFault;

class PlanTest {

    private static Stream<Plan> many(Profile profile) {
        return LongStream.rangeClosed(1, 300).mapToObj(seed -> Plan.generate(seed, profile));
    }

    @ParameterizedTest
    @EnumSource
    void a_seed_determines_the_plan(Profile profile) {
        assertThat(Plan.generate(7, profile)).isEqualTo(Plan.generate(7, profile));
        assertThat(Plan.generate(7, profile).writes())
                .isNotEqualTo(Plan.generate(8, profile).writes());
    }

    @Test
    void a_seed_means_the_same_on_every_machine() {
        Plan plan = Plan.generate(7, Profile.FAULTS);

        // They are drawn last, so they depend on everything before.
        assertThat(plan.faults())
                .hasToString("[TERMINATE_APPLY_WORKER vm1 -> vm2 for 450 ms after transaction 16 of vm1,"
                        + " TERMINATE_WALSENDER vm1 -> vm2 for 550 ms after transaction 35 of vm2,"
                        + " KILL vm2 for 500 ms after transaction 65 of vm1,"
                        + " STALL vm2 -> vm3 for 650 ms after transaction 89 of vm1]");
    }

    @ParameterizedTest
    @EnumSource
    void a_plan_can_be_written_and_read_back(Profile profile, @TempDir Path directory) {
        Plan plan = Plan.generate(7, profile);

        Path file = plan.writeTo(directory.resolve("plan.jsonl"));

        assertThat(Plan.readFrom(file)).isEqualTo(plan);
    }

    @Test
    void what_is_no_plan_is_refused() {
        assertThatThrownBy(() -> Plan.parse(List.of()))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected a plan to have one line that begins it, but has 0");
        assertThatThrownBy(() -> Plan.parse(List.of("{\"kind\":\"plan\"")))
                .isInstanceOf(MiniClusterException.class)
                .hasMessageStartingWith("expected line 1 to be a Line in JSON, but was \"{\"kind\":\"plan\"\": ");
    }

    @Test
    void all_that_there_is_is_drawn() {
        List<Plan> plans = many(Profile.FAULTS).toList();

        assertThat(plans.stream().flatMap(plan -> plan.faults().stream()).map(PlannedFault::faultKind))
                .containsAll(EnumSet.allOf(FaultKind.class));
        assertThat(plans.stream().flatMap(plan -> plan.writes().stream()).map(Plan.Write::change))
                .containsAll(EnumSet.allOf(Change.class));
        assertThat(plans.stream().flatMap(plan -> plan.forbidden().stream()).map(Plan.ForbiddenWrite::attempt))
                .containsAll(EnumSet.allOf(Attempt.class));
        assertThat(plans.stream().flatMap(plan -> plan.faults().stream()).filter(PlannedFault::overlapping))
                .isNotEmpty();
    }

    @Test
    void nobody_is_forbidden_to_write_where_he_may() {
        assertThat(many(Profile.FAULTS).flatMap(plan -> plan.forbidden().stream()))
                .allMatch(write -> !write.node().equals(write.source().publisher()));
    }

    @Test
    void faults_that_overlap_touch_different_nodes_and_are_two_at_most() {
        assertThat(many(Profile.FAULTS)).allSatisfy(plan -> {
            for (int i = 1; i < plan.faults().size(); i++) {
                PlannedFault before = plan.faults().get(i - 1);
                PlannedFault fault = plan.faults().get(i);
                if (fault.overlapping()) {
                    assertThat(Collections.disjoint(before.nodes(), fault.nodes()))
                            .isTrue();
                    assertThat(before.overlapping()).isFalse();
                }
            }
        });
    }

    @Test
    void a_swizzled_plan_cuts_every_link_once() {
        assertThat(many(Profile.SWIZZLE)).allSatisfy(plan -> {
            Set<String> links = plan.faults().stream()
                    .map(fault -> fault.node() + " -> " + fault.peer())
                    .collect(Collectors.toSet());
            assertThat(links).hasSize(4);
            assertThat(plan.faults()).hasSize(4).allMatch(fault -> fault.faultKind() == FaultKind.CUT);
        });
    }

    @Test
    void faults_begin_while_there_are_still_transactions() {
        assertThat(many(Profile.FAULTS).flatMap(plan -> plan.faults().stream()))
                .allMatch(fault -> fault.after() > 0 && fault.after() < 120);
    }

    @Test
    void a_plan_with_a_standby_ends_with_a_failover() {
        assertThat(many(Profile.STANDBY)).allSatisfy(plan -> {
            assertThat(plan.failover()).isNotNull();
            assertThat(plan.faults()).hasSize(2);
        });
        assertThat(many(Profile.FAULTS)).allMatch(plan -> plan.failover() == null);
    }

    @Test
    void nothing_is_truncated_where_that_would_hang() {
        assertThat(many(Profile.WAITING).flatMap(plan -> plan.writes().stream()))
                .noneMatch(write -> write.change() == Change.TRUNCATE);
    }
}
