package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.history.Plan.ActKind;
import org.pgminicluster.history.Plan.Attempt;
import org.pgminicluster.history.Plan.Change;
import org.pgminicluster.history.Plan.FaultKind;
import org.pgminicluster.history.Plan.How;
import org.pgminicluster.history.Plan.PlannedAct;
import org.pgminicluster.history.Plan.PlannedFailover;
import org.pgminicluster.history.Plan.PlannedFault;

class PlanTest {

    private static Stream<Plan> many(Profile profile) {
        return LongStream.rangeClosed(1, 300).mapToObj(seed -> HomeworkVariant.plan(seed, profile));
    }

    @ParameterizedTest
    @EnumSource
    void a_seed_determines_the_plan(Profile profile) {
        assertThat(HomeworkVariant.plan(7, profile)).isEqualTo(HomeworkVariant.plan(7, profile));
        assertThat(HomeworkVariant.plan(7, profile).writes())
                .isNotEqualTo(HomeworkVariant.plan(8, profile).writes());
    }

    @Test
    void a_seed_means_the_same_on_every_machine() {
        Plan plan = HomeworkVariant.plan(7, Profile.FAULTS);

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
        Plan plan = HomeworkVariant.plan(7, profile);

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

    private static void assertAllActsAreIn(List<Plan> plans) {
        assertThat(plans.stream().flatMap(plan -> plan.acts().stream()).map(PlannedAct::actKind))
                .containsAll(EnumSet.allOf(ActKind.class));
    }

    private static void assertAllCoursesAreIn(List<Plan> plans) {
        List<PlannedFailover> failovers =
                plans.stream().map(Plan::failover).filter(Objects::nonNull).toList();
        assertThat(failovers).extracting(PlannedFailover::how).containsAll(EnumSet.allOf(How.class));
        assertThat(failovers).extracting(PlannedFailover::back).contains(true, false);
        assertThat(failovers)
                .extracting(failover -> failover.killed().isEmpty())
                .contains(true, false);
    }

    /** With the profile that each seed has by itself: what nobody draws nobody finds. */
    @Test
    void in_fifty_histories_all_that_there_is_occurs() {
        List<Plan> plans = LongStream.rangeClosed(1, 50)
                .mapToObj(seed -> HomeworkVariant.plan(seed, Profile.of(seed)))
                .toList();

        assertAllActsAreIn(plans);
        assertAllCoursesAreIn(plans);
        assertThat(LongStream.rangeClosed(1, 50)
                        .mapToObj(seed -> HistoryTopology.of(
                                HomeworkVariant.of(Profile.of(seed), seed).create(), Profile.of(seed)))
                        .flatMap(topology -> topology.traits().stream()))
                .contains(Tally.DATABASE, Tally.STANDBY);
        assertThat(LongStream.rangeClosed(1, 50).mapToObj(HomeworkVariant.More::of))
                .anyMatch(HomeworkVariant.More::keyless);
    }

    @Test
    void in_fifty_failovers_all_that_can_come_before_one_occurs() {
        List<Plan> plans = many(Profile.STANDBY).limit(50).toList();

        assertAllActsAreIn(plans);
        assertAllCoursesAreIn(plans);
        assertThat(plans.stream()
                        .flatMap(plan -> plan.acts().stream())
                        .filter(PlannedAct::whileLagging)
                        .map(PlannedAct::actKind))
                .as("what the standby does not know of")
                .contains(ActKind.RESEED, ActKind.ADD_TABLE, ActKind.ENABLE, ActKind.ALTER_OPTION);
        assertThat(plans.stream()
                        .flatMap(plan -> plan.acts().stream())
                        .filter(act -> act.actKind() == ActKind.RESEED && act.after() == PlanGenerator.WRITES))
                .as("seeded again when nobody writes any more")
                .isNotEmpty();
    }

    @Test
    void nothing_is_enabled_that_was_not_disabled_and_no_table_leaves_that_has_not_come() {
        assertThat(many(Profile.STANDBY)).allSatisfy(plan -> {
            Set<String> disabled = new HashSet<>();
            Set<String> added = new HashSet<>();
            plan.acts().forEach(act -> {
                if (act.actKind() == ActKind.ADD_TABLE) {
                    assertThat(added.add(act.subject())).as(act.toString()).isTrue();
                }
                if (act.actKind() == ActKind.DROP_TABLE) {
                    assertThat(added.remove(act.subject())).as(act.toString()).isTrue();
                }
                if (act.actKind() == ActKind.DISABLE) {
                    disabled.add(act.subject());
                }
                assertThat(act.actKind() == ActKind.ENABLE && !disabled.contains(act.subject()))
                        .as(act.toString())
                        .isFalse();
            });
        });
    }

    @Test
    void nobody_is_forbidden_to_write_where_he_may() {
        assertThat(many(Profile.FAULTS).flatMap(plan -> plan.forbidden().stream()))
                .allMatch(write -> !write.node().equals(write.ledger()));
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
    void a_seed_means_what_it_has_always_meant() throws Exception {
        MessageDigest all = MessageDigest.getInstance("SHA-256");
        for (Profile profile : Profile.values()) {
            many(profile)
                    .flatMap(plan -> plan.lines().stream())
                    .forEach(line -> all.update((line + "\n").getBytes(StandardCharsets.UTF_8)));
        }

        assertThat(HexFormat.of().formatHex(all.digest()))
                .isEqualTo("3193ca92420cad8d8adfa1ae1fcbfd39b6a94152b5325884f861ffb885b32f76");
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
