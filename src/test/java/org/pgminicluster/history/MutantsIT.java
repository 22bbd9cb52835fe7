package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.history.HomeworkVariant.Standby;
import org.pgminicluster.history.Plan.Attempt;
import org.pgminicluster.history.Plan.Change;
import org.pgminicluster.history.Plan.ForbiddenWrite;
import org.pgminicluster.history.Plan.How;
import org.pgminicluster.history.Plan.PlannedFailover;
import org.pgminicluster.history.Plan.Write;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.script.Slots;

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
        List<Write> writes = Stream.of("vm1", "vm2")
                .flatMap(ledger -> Stream.iterate(1, op -> op <= transactions, op -> op + 1)
                        .map(op -> new Write(ledger, op, changes[op % changes.length], 2)))
                .collect(Collectors.toList());
        return new Plan(0, Profile.CALM, writes, List.of(), List.of(), List.of(), null);
    }

    private static HistoryRunner runner(HomeworkVariant variant) {
        return runner(HistoryTopology.of(variant.create(), Profile.CALM));
    }

    private static HistoryRunner runner(HistoryTopology topology) {
        return HistoryRunner.on(topology, HEAL);
    }

    private static Verdict verdict(HomeworkVariant variant, Plan plan, String name) {
        return verdict(runner(variant), plan, name);
    }

    private static Verdict verdict(HistoryRunner runner, Plan plan, String name) {
        return Oracle.judge(runner.run(plan, name).history());
    }

    @Test
    void without_a_mutation_the_run_is_green() {
        Plan plan = plan(15, Change.CANARY_ONLY, Change.INSERT)
                .withForbidden(List.of(new ForbiddenWrite("vm3", "vm1", Attempt.INSERT, 5)));

        assertThat(verdict(HomeworkVariant.of(Profile.CALM), plan, "mutant-none"))
                .hasToString("PASSED");
    }

    @Test
    void without_guard_triggers_forbidden_writes_are_carried_out_and_seen() {
        Plan plan = plan(15, Change.INSERT)
                .withForbidden(List.of(
                        new ForbiddenWrite("vm3", "vm1", Attempt.INSERT, 5),
                        new ForbiddenWrite("vm2", "vm1", Attempt.UPDATE, 10)));

        Verdict verdict = verdict(HomeworkVariant.of(Profile.CALM).withoutGuards(), plan, "mutant-no-guard");

        assertThat(verdict.violated())
                .as(verdict.toString())
                .containsExactly(Invariant.I2, Invariant.I6, Invariant.I6_SEEN);
    }

    @Test
    void what_is_told_of_a_run_that_is_red_has_its_plan_and_a_shorter_one_that_is_red_too() {
        HistoryRunner runner = runner(HomeworkVariant.of(Profile.CALM).withoutGuards());
        Plan plan = plan(6, Change.INSERT)
                .withForbidden(List.of(
                        new ForbiddenWrite("vm3", "vm1", Attempt.INSERT, 2),
                        new ForbiddenWrite("vm2", "vm1", Attempt.UPDATE, 4)));
        HistoryRunner.Run run = runner.run(plan, "mutant-told");

        // Its time is counted in runs, so that a busy machine has as many.
        AtomicInteger runs = new AtomicInteger();

        String told = new Investigation(
                        shorter -> {
                            runs.incrementAndGet();
                            return Oracle.judge(
                                    runner.run(shorter, "mutant-told-again").history());
                        },
                        HistoriesIT::replay,
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

        Verdict verdict = verdict(HomeworkVariant.of(Profile.CALM).withAllTables(), plan, "mutant-all-tables");

        assertThat(verdict.violated()).as(verdict.toString()).contains(Invariant.I3);
    }

    /** vm3 dies while vm4 lags behind it, and vm4 takes over. */
    private static Plan failover(How how) {
        return plan(60, Change.CANARY_ONLY, Change.INSERT)
                .withFailover(new PlannedFailover(how, "vm3", "vm4", "vm1", 20, 600));
    }

    @Test
    @RequiresStandbys
    void a_guarded_failover_of_a_standby_that_lags_is_green() {
        assertThat(verdict(HomeworkVariant.of(Profile.STANDBY), failover(How.KILL), "mutant-none-standby"))
                .hasToString("PASSED");
    }

    @Test
    @RequiresStandbys
    void without_failover_slots_a_failover_loses_what_the_standby_lacked() {
        Verdict verdict = verdict(
                HomeworkVariant.of(Profile.STANDBY).with(Standby.PLAIN), failover(How.KILL), "mutant-no-failover-slot");

        assertThat(verdict.violated()).as(verdict.toString()).contains(Invariant.I1, Invariant.I12);
    }

    @Test
    @RequiresStandbys
    void without_a_fence_failover_slots_come_too_late() {
        HistoryRunner runner = runner(HomeworkVariant.of(Profile.STANDBY).with(Standby.UNFENCED))
                .takingOver(MutantsIT::promoteAndLeadToFailoverSlotsAfterwards);

        Verdict verdict = verdict(runner, failover(How.KILL), "mutant-no-fence");

        assertThat(verdict.violated()).as(verdict.toString()).contains(Invariant.I1, Invariant.I12);
    }

    private static void promoteAndLeadToFailoverSlotsAfterwards(MiniCluster cluster, PlannedFailover planned) {
        Node vm4 = cluster.node(planned.standby());
        vm4.promote();
        for (String subscription : List.of("vm3_test_sub", "vm3_test2_sub")) {
            cluster.awaitReplicated(vm4, subscription);
            vm4.execute("ALTER SUBSCRIPTION " + subscription + " DISABLE");
            vm4.execute("ALTER SUBSCRIPTION " + subscription + " SET (slot_name = "
                    + Slots.failover(planned.standby(), subscription) + ")");
            vm4.execute("ALTER SUBSCRIPTION " + subscription + " ENABLE");
        }
    }

    /** vm3 waits for vm4 when it commits. */
    private static HistoryRunner synchronousStandby(String subscriptionsCommit) {
        HomeworkVariant variant =
                HomeworkVariant.of(Profile.STANDBY).with(Standby.PLAIN).applying(subscriptionsCommit);
        return runner(HistoryTopology.of(variant.create(), Profile.CALM).with(new Waiting("vm3", "vm4", "vm4")));
    }

    @Test
    @RequiresStandbys
    void a_synchronous_standby_saves_what_is_applied_synchronously() {
        assertThat(verdict(
                        synchronousStandby("remote_apply"), failover(How.PAUSE_THEN_KILL), "mutant-none-synchronous"))
                .hasToString("PASSED");
    }

    @Test
    @RequiresStandbys
    void a_synchronous_standby_is_of_no_use_to_what_is_applied_asynchronously() {
        Verdict verdict =
                verdict(synchronousStandby("off"), failover(How.PAUSE_THEN_KILL), "mutant-synchronous-commit-off");

        assertThat(verdict.violated()).as(verdict.toString()).contains(Invariant.I1, Invariant.I12);
    }

    /** What a seed draws, carried out by somebody who leaves a rule out. */
    private static Verdict verdict(Naive naive, long seed, Invariant violated) {
        HistoryRunner runner = runner(Naive.topology()).takingOver(naive).sabotaged(new Sabotage(1, naive::begin));
        return verdict(runner, Naive.plan(seed), "mutant-" + naive + "-" + seed + "-" + violated);
    }

    /**
     * The first seed from 1 on that has found it, which passes when no rule is left out. How far writers are when something is
     * done is not drawn: where it was not to be seen this time, the seed is tried again, and others that draw the same.
     */
    @ParameterizedTest
    @CsvSource({"LEAVES_THE_SLOT, 20, I3", "LEAVES_OUT_WHAT_IS_DISABLED, 4, I14", "LOOKS_AT_NO_TABLE, 8, I13"})
    @RequiresStandbys
    void a_failover_without_one_of_its_rules_is_found_by_what_seeds_draw(Naive naive, long seed, Invariant violated) {
        assertThat(verdict(Naive.CAREFUL, seed, violated)).hasToString("PASSED");

        List<Verdict> verdicts = new ArrayList<>();
        for (long each : naive.triedBy(seed)) {
            verdicts.add(verdict(naive, each, violated));
            if (verdicts.get(verdicts.size() - 1).violated().contains(violated)) {
                return;
            }
        }
        assertThat(verdicts).as(naive + " was not found").isEmpty();
    }
}
