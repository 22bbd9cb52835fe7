package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a failing history tells those who have to find out why. */
class InvestigationTest {

    private static final Plan PLAN = HomeworkVariant.plan(21, Profile.FAULTS);
    private static final Verdict PASSED = new Verdict(Verdict.Result.PASSED, List.of(), "");
    private static final Verdict LOST = failed(Invariant.I1, "n1_canary on vm3 lacks what was acknowledged");
    private static final Verdict TORN = failed(Invariant.I5, "n1_canary on vm3 has in part: transaction 5");

    @TempDir
    Path directory;

    private static Verdict failed(Invariant invariant, String evidence) {
        return new Verdict(Verdict.Result.FAILED, List.of(new Violation(invariant, evidence)), "");
    }

    private String explained(Verdict verdict, Function<Plan, Verdict> run) {
        return new Investigation(run, HistoriesIT::replay, Duration.ofMinutes(1)).explain(PLAN, verdict, directory);
    }

    private String command(String file) {
        return "mvn verify -Dit.test=HistoriesIT -DskipUnitTests -Dinvoker.skip -Dminicluster.plan="
                + directory.resolve(file);
    }

    private String beginning() {
        return "history of seed 21, profile FAULTS: FAILED [I1]"
                + "\n    I1 (no acknowledged row is lost): n1_canary on vm3 lacks what was acknowledged"
                + "\nrecorded in " + directory.resolve("history.jsonl")
                + replayed();
    }

    /** The plan is a long one. */
    private String replayed() {
        return "\nreplay its plan with: " + command("plan.jsonl")
                + PLAN.faults().stream().map(fault -> "\n    " + fault).collect(Collectors.joining())
                + PLAN.acts().stream().map(act -> "\n    " + act).collect(Collectors.joining())
                + "\n    360 transactions, 12 forbidden writes";
    }

    @Test
    void it_tells_seed_profile_plan_command_and_the_shortest_plan_that_still_fails() {
        int kill = PLAN.faults().get(1).id();
        Predicate<Plan> fails = plan -> plan.faults().stream().anyMatch(fault -> fault.id() == kill)
                && plan.writes().stream().anyMatch(write -> write.ledger().equals("vm1") && write.op() == 30);
        AtomicInteger runs = new AtomicInteger();

        String text = explained(LOST, plan -> {
            runs.incrementAndGet();
            return fails.test(plan) ? LOST : PASSED;
        });

        Plan shortest = Plan.readFrom(directory.resolve("shortest-plan.jsonl"));
        assertThat(shortest.faults()).hasSize(1);
        assertThat(shortest.writes()).hasSize(1);
        assertThat(text)
                .isEqualTo(beginning() + "\nrun again, it failed in 3 of 3 runs"
                        + "\nthe shortest plan that still fails, after " + runs + " runs; replay it with: "
                        + command("shortest-plan.jsonl")
                        + "\n    " + String.join("\n    ", shortest.lines()));
    }

    @Test
    void another_invariant_is_another_failure() {
        assertThat(explained(LOST, plan -> TORN))
                .startsWith(beginning() + "\nrun again, it failed in 0 of 3 runs"
                        + "\nthe shortest plan that still fails, after ")
                .endsWith(" runs, is the plan itself");
    }

    @Test
    void a_plan_that_fails_now_and_then_is_run_several_times() {
        AtomicInteger runs = new AtomicInteger();

        String text = explained(LOST, plan -> runs.incrementAndGet() % 3 == 0 ? LOST : PASSED);

        assertThat(text).contains("\nrun again, it failed in 1 of 3 runs\n");
        assertThat(Plan.readFrom(directory.resolve("shortest-plan.jsonl")).faults())
                .isEmpty();
    }

    @Test
    void a_run_that_does_not_come_to_an_end_has_not_failed() {
        assertThat(explained(LOST, plan -> {
                    throw new IllegalStateException("no servers today");
                }))
                .startsWith(beginning() + "\nrun again, it failed in 0 of 3 runs\n");
    }

    @Test
    void when_the_time_is_up_it_tells_what_it_has() {
        AtomicLong clock = new AtomicLong();
        Investigation investigation = new Investigation(
                plan -> {
                    clock.addAndGet(40_000);
                    return plan.equals(PLAN) ? LOST : PASSED;
                },
                HistoriesIT::replay,
                Duration.ofMinutes(1),
                clock::get);

        assertThat(investigation.explain(PLAN, LOST, directory))
                .isEqualTo(
                        beginning() + "\nrun again, it failed in 1 of 1 run"
                                + "\nthe shortest plan that still fails, after 2 runs and no time for more, is the plan itself");
    }

    @Test
    void a_long_plan_is_told_by_its_faults() {
        Plan whole = PLAN.withForbidden(List.of()).withActs(List.of());

        String text = explained(
                LOST,
                plan -> plan.writes().equals(PLAN.writes()) && plan.faults().equals(PLAN.faults()) ? LOST : PASSED);

        assertThat(Plan.readFrom(directory.resolve("shortest-plan.jsonl"))).isEqualTo(whole);
        assertThat(text).endsWith("\n    " + PLAN.faults().get(3) + "\n    360 transactions, 0 forbidden writes");
    }

    @Test
    void an_invalid_history_is_told_of_and_not_run_again() {
        AtomicInteger runs = new AtomicInteger();
        Verdict invalid = new Verdict(Verdict.Result.INVALID, List.of(), "no copy was read");

        String text = explained(invalid, plan -> {
            runs.incrementAndGet();
            return invalid;
        });

        assertThat(text)
                .isEqualTo("history of seed 21, profile FAULTS: INVALID: no copy was read"
                        + "\nrecorded in " + directory.resolve("history.jsonl")
                        + replayed());
        assertThat(runs).hasValue(0);
    }
}
