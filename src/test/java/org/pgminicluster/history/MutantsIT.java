package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HistoryTopology.Standby;
import org.pgminicluster.history.Plan.Attempt;
import org.pgminicluster.history.Plan.Change;
import org.pgminicluster.history.Plan.FaultKind;
import org.pgminicluster.history.Plan.ForbiddenWrite;
import org.pgminicluster.history.Plan.PlannedFailover;
import org.pgminicluster.history.Plan.Write;

/**
 * The oracle on real servers that have one thing wrong: each must turn the run red. What does not is a guard that nobody
 * needs, or an oracle that is blind.
 */
@Order(2)
@Execution(ExecutionMode.CONCURRENT)
class MutantsIT {

    private static final Duration HEAL = Duration.ofSeconds(10);

    /** As many transactions of each publisher; the changes in turn. */
    private static Plan plan(int transactions, Change... changes) {
        List<Write> writes = Arrays.stream(Source.values())
                .flatMap(source -> Stream.iterate(1, op -> op <= transactions, op -> op + 1)
                        .map(op -> new Write(source, op, changes[op % changes.length], 2)))
                .collect(Collectors.toList());
        return new Plan(0, Profile.CALM, writes, List.of(), List.of(), null);
    }

    private static Verdict verdict(HistoryTopology topology, Plan plan, String name) {
        return Oracle.judge(HistoryRunner.on(topology, HEAL).runOn(plan, name).history());
    }

    @Test
    void without_a_mutation_the_run_is_green() {
        Plan plan = plan(15, Change.CANARY_ONLY, Change.INSERT)
                .withForbidden(List.of(new ForbiddenWrite("vm3", Source.N1, Attempt.INSERT, 5)));

        assertThat(verdict(HistoryTopology.of(Profile.CALM), plan, "mutant-none"))
                .hasToString("PASSED");
    }

    @Test
    void without_guard_triggers_forbidden_writes_are_carried_out_and_seen() {
        Plan plan = plan(15, Change.INSERT)
                .withForbidden(List.of(
                        new ForbiddenWrite("vm3", Source.N1, Attempt.INSERT, 5),
                        new ForbiddenWrite("vm2", Source.N1, Attempt.UPDATE, 10)));

        Verdict verdict = verdict(HistoryTopology.of(Profile.CALM).withoutGuards(), plan, "mutant-no-guard");

        assertThat(verdict.violated())
                .as(verdict.toString())
                .containsExactly(Invariant.I2, Invariant.I6, Invariant.I6_SEEN);
    }

    @Test
    void what_is_told_of_a_run_that_is_red_has_its_plan_and_a_shorter_one_that_is_red_too() {
        HistoryRunner runner = HistoryRunner.on(HistoryTopology.of(Profile.CALM).withoutGuards(), HEAL);
        Plan plan = plan(6, Change.INSERT)
                .withForbidden(List.of(
                        new ForbiddenWrite("vm3", Source.N1, Attempt.INSERT, 2),
                        new ForbiddenWrite("vm2", Source.N1, Attempt.UPDATE, 4)));
        HistoryRunner.Run run = runner.runOn(plan, "mutant-told");

        // Its time is counted in runs, so that a busy machine has as many.
        AtomicInteger runs = new AtomicInteger();

        String told = new Investigation(
                        shorter -> {
                            runs.incrementAndGet();
                            return Oracle.judge(
                                    runner.runOn(shorter, "mutant-told-again").history());
                        },
                        Duration.ofMillis(15),
                        runs::get)
                .explain(plan, Oracle.judge(run.history()), run.directory());

        Path shortest = run.directory().resolve("shortest-plan.jsonl");
        assertThat(told)
                .startsWith("history of seed 0, profile CALM: FAILED")
                .contains(
                        "replay its plan with: mvn verify",
                        "-Dminicluster.plan=" + run.directory().resolve(HistoryRunner.PLAN),
                        "run again, it failed in ",
                        "the shortest plan that still fails, after ",
                        "-Dminicluster.plan=" + shortest);
        assertThat(Plan.readFrom(shortest).lines().size())
                .isLessThan(plan.lines().size());
    }

    @Test
    void with_both_publications_for_all_tables_rows_are_applied_twice() {
        Plan plan = plan(15, Change.CANARY_ONLY);

        Verdict verdict = verdict(HistoryTopology.of(Profile.CALM).withAllTables(), plan, "mutant-all-tables");

        assertThat(verdict.violated()).as(verdict.toString()).contains(Invariant.I3);
    }

    /** vm3 dies while vm4 lags behind it, and vm4 takes over. */
    private static Plan failover(FaultKind how) {
        return plan(60, Change.CANARY_ONLY, Change.INSERT).withFailover(new PlannedFailover(how, Source.N1, 20, 600));
    }

    @Test
    void a_guarded_failover_of_a_standby_that_lags_is_green() {
        assertThat(verdict(HistoryTopology.of(Profile.STANDBY), failover(FaultKind.KILL), "mutant-none-standby"))
                .hasToString("PASSED");
    }

    @Test
    void without_guard_slots_a_failover_loses_what_the_standby_lacked() {
        Verdict verdict = verdict(
                HistoryTopology.of(Profile.STANDBY).with(Standby.PLAIN),
                failover(FaultKind.KILL),
                "mutant-no-guard-slot");

        assertThat(verdict.violated()).as(verdict.toString()).contains(Invariant.I1, Invariant.I12);
    }

    @Test
    void without_a_fence_guard_slots_come_too_late() {
        HistoryRunner runner = HistoryRunner.on(
                        HistoryTopology.of(Profile.STANDBY).with(Standby.UNFENCED), HEAL)
                .takingOver(MutantsIT::promoteAndLeadToGuardSlotsAfterwards);

        Verdict verdict = Oracle.judge(
                runner.runOn(failover(FaultKind.KILL), "mutant-no-fence").history());

        assertThat(verdict.violated()).as(verdict.toString()).contains(Invariant.I1, Invariant.I12);
    }

    private static void promoteAndLeadToGuardSlotsAfterwards(MiniCluster cluster) {
        Node vm4 = cluster.node(HistoryTopology.STANDBY);
        vm4.promote();
        for (HistoryTopology.Link link :
                HistoryTopology.of(Profile.STANDBY).with(Standby.GUARDED).takenOver()) {
            cluster.awaitReplicated(vm4, link.subscription());
            vm4.execute("ALTER SUBSCRIPTION " + link.subscription() + " DISABLE");
            vm4.execute("ALTER SUBSCRIPTION " + link.subscription() + " SET (slot_name = " + link.slot() + ")");
            vm4.execute("ALTER SUBSCRIPTION " + link.subscription() + " ENABLE");
        }
    }

    @Test
    void a_synchronous_standby_saves_what_is_applied_synchronously() {
        HistoryTopology synchronous =
                HistoryTopology.of(Profile.STANDBY).with(Standby.PLAIN).withSynchronousStandby("remote_apply");

        assertThat(verdict(synchronous, failover(FaultKind.PAUSE_THEN_KILL), "mutant-none-synchronous"))
                .hasToString("PASSED");
    }

    @Test
    void a_synchronous_standby_is_of_no_use_to_what_is_applied_asynchronously() {
        HistoryTopology asynchronous =
                HistoryTopology.of(Profile.STANDBY).with(Standby.PLAIN).withSynchronousStandby("off");

        Verdict verdict = verdict(asynchronous, failover(FaultKind.PAUSE_THEN_KILL), "mutant-synchronous-commit-off");

        assertThat(verdict.violated()).as(verdict.toString()).contains(Invariant.I1, Invariant.I12);
    }
}
