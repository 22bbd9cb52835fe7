package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.history.HistoryEvent.LeftOut;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.InvalidTopologyException;

/** What is said before any server starts, and what is told afterwards. */
class HistoriesTest {

    private final Histories histories = Histories.of(OwnTopologies.chain());

    @Test
    void numbers_are_positive() {
        assertThatThrownBy(() -> histories.writes(0))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected the number of transactions to be 1 or more, but was 0; give it another");
        assertThatThrownBy(() -> histories.faults(-1))
                .hasMessage("expected the number of faults to be 1 or more, but was -1; give it another");
        assertThatThrownBy(() -> histories.seedsFrom(5, 0))
                .hasMessage("expected the number of seeds to be 1 or more, but was 0; give it another");
    }

    @Test
    void a_profile_that_needs_a_standby_is_refused_without_one() {
        Histories standby = histories.profile(Profile.STANDBY);

        assertThatThrownBy(standby::run).isInstanceOf(InvalidTopologyException.class);
    }

    @Test
    void a_plan_of_another_topology_is_refused(@TempDir Path directory) {
        Path file = HomeworkVariant.plan(1, Profile.CALM).writeTo(directory.resolve("plan.jsonl"));

        assertThatThrownBy(histories.plan(file)::run)
                .isInstanceOf(MiniClusterException.class)
                .hasMessage(
                        "expected the plan in " + file + " to be one of topology \"chain\", whose writers are [head]"
                                + " and whose servers are [head, middle, tail], but was of another; give it the topology that it"
                                + " was drawn for");
    }

    @Test
    void plans_grow_and_shrink_with_the_number_of_transactions() {
        HistoryTopology homework = HistoryTopology.of(HomeworkTopology.create(), Profile.FAULTS);
        for (int writes : List.of(1, 5, 30, 500)) {
            for (long seed = 1; seed < 50; seed++) {
                for (Profile profile : List.of(Profile.FAULTS, Profile.SWIZZLE, Profile.WAITING)) {
                    Plan plan = new PlanGenerator(seed, profile, PlanTargets.of(homework), writes, 4).plan();

                    assertThat(plan.writes()).hasSize(2 * writes);
                    assertThat(plan.faults()).hasSize(4).allMatch(fault -> fault.after() >= 1);
                }
            }
        }
    }

    @Test
    void standbys_have_only_those_faults_that_can_be_done_to_them() {
        PlanTargets targets = PlanTargets.of(HistoryTopology.of(OwnTopologies.standbys(), Profile.FAULTS));
        for (long seed = 1; seed < 200; seed++) {
            assertThat(new PlanGenerator(seed, Profile.FAULTS, targets, 120, 4)
                            .plan()
                            .faults())
                    .filteredOn(fault -> fault.peer().endsWith("-copy"))
                    .allMatch(fault ->
                            fault.faultKind() == Plan.FaultKind.CUT || fault.faultKind() == Plan.FaultKind.STALL);
        }
    }

    @Test
    void where_one_writer_waits_it_is_killed_without_another_ones_clock() {
        PlanTargets targets = PlanTargets.of(HistoryTopology.of(OwnTopologies.chain(), Profile.WAITING));

        Plan plan = new PlanGenerator(7, Profile.WAITING, targets, 120, 4).plan();

        assertThat(plan.faults())
                .extracting(Plan.PlannedFault::toString)
                .satisfiesExactly(
                        cut -> assertThat(cut).startsWith("CUT head -> middle").contains("of head"),
                        kill -> assertThat(kill).contains(" head for ").endsWith(" of head, overlapping"),
                        cut -> assertThat(cut).startsWith("CUT head -> middle"),
                        kill -> assertThat(kill).contains(" head for "));
        assertThat(plan.faults().get(1).after()).isEqualTo(plan.faults().get(0).after());
    }

    @Test
    void a_result_tells_what_it_is_founded_on() {
        History history = Recorded.with(Recorded.good(), new LeftOut("shop.log", "has no key"));
        HistoryResult result = new HistoryResult(
                Plan.parse(Recorded.lines("good-plan.jsonl")),
                history,
                Oracle.judge(history),
                Path.of("some", "where"),
                "");

        assertThat(result.isPassed()).isTrue();
        assertThat(result.leftOut()).containsExactly("shop.log has no key");
        assertThat(result.planFile()).isEqualTo(Path.of("some", "where", "plan.jsonl"));
        assertThat(result.toString().lines())
                .containsExactly(
                        "history of seed 0, profile DURABLE: PASSED",
                        "    48 transactions: 44 acknowledged, 4 rolled back, 0 failed, 0 unknown; 3 forbidden writes;"
                                + " 84 looks at copies",
                        "    KILL vm3 for 100 ms after transaction 8 of vm1",
                        "    TERMINATE_WALSENDER vm1 -> vm2 for 50 ms after transaction 18 of vm2",
                        "    left out: shop.log has no key",
                        "    recorded in " + Path.of("some", "where", "history.jsonl"));
    }
}
