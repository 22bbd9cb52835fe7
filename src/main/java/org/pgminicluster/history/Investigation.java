package org.pgminicluster.history;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds out more of a plan that has failed: how often it fails, and the shortest plan that still does; then says all that
 * somebody needs who was not there. A plan fixes what is done and not how servers happen to be scheduled, so each is run
 * several times, and all of it only for a limited time.
 */
final class Investigation {

    private static final int AGAIN = 3;
    private static final int MOST_LINES = 30;
    private static final String SHORTEST = "shortest-plan.jsonl";

    private final Function<Plan, Verdict> run;
    private final Function<Path, String> replay;
    private final long atMostMillis;
    private final LongSupplier clock;
    private int runs;

    /**
     * @param run runs a plan and judges it; one that throws counts as not failed
     * @param replay what runs the plan of a file once more
     * @param atMost after that no further run is begun
     */
    Investigation(Function<Plan, Verdict> run, Function<Path, String> replay, Duration atMost) {
        this(run, replay, atMost, () -> System.nanoTime() / 1_000_000);
    }

    Investigation(Function<Plan, Verdict> run, Function<Path, String> replay, Duration atMost, LongSupplier clock) {
        this.run = run;
        this.replay = replay;
        this.atMostMillis = atMost.toMillis();
        this.clock = clock;
    }

    /**
     * What to tell of a history that was not passed.
     *
     * @param directory where its plan, its history and its servers' logs are, and where the shortest plan goes
     */
    String explain(Plan plan, Verdict verdict, Path directory) {
        StringBuilder text = new StringBuilder();
        text.append("history of seed ").append(plan.seed());
        text.append(", profile ").append(plan.profile()).append(": ").append(verdict);
        Path file = directory.resolve(HistoryRunner.PLAN);
        text.append("\nrecorded in ").append(directory.resolve(HistoryRunner.HISTORY));
        text.append("\nreplay its plan with: ")
                .append(replay.apply(file.toAbsolutePath()))
                .append(summary(plan));
        if (verdict.result() == Verdict.Result.FAILED && atMostMillis > 0) {
            shorten(plan, verdict, directory, text);
        }
        return text.toString();
    }

    private void shorten(Plan plan, Verdict verdict, Path directory, StringBuilder text) {
        long start = clock.getAsLong();
        long until = start + atMostMillis;
        int failed = 0;
        int begun = 0;
        // Most of the time is for the shorter plans.
        while (begun < AGAIN && clock.getAsLong() <= start + atMostMillis / 3) {
            begun++;
            failed += fails(plan, verdict) ? 1 : 0;
        }
        text.append("\nrun again, it failed in ").append(failed).append(" of ").append(begun);
        text.append(begun == 1 ? " run" : " runs");
        Plan shortest = new Shrinker(candidate -> failsSometimes(candidate, verdict, until)).shrink(plan);
        text.append("\nthe shortest plan that still fails, after ").append(runs).append(runs == 1 ? " run" : " runs");
        text.append(clock.getAsLong() < until ? "" : " and no time for more");
        if (shortest.equals(plan)) {
            text.append(", is the plan itself");
            return;
        }
        Path file = shortest.writeTo(directory.resolve(SHORTEST));
        text.append("; replay it with: ")
                .append(replay.apply(file.toAbsolutePath()))
                .append(summary(shortest));
    }

    private boolean failsSometimes(Plan candidate, Verdict verdict, long until) {
        for (int i = 0; i < AGAIN && clock.getAsLong() < until; i++) {
            if (fails(candidate, verdict)) {
                return true;
            }
        }
        return false;
    }

    /** In the same way: another invariant is another failure. */
    private boolean fails(Plan candidate, Verdict verdict) {
        runs++;
        try {
            return !Collections.disjoint(run.apply(candidate).violated(), verdict.violated());
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static String summary(Plan plan) {
        List<String> lines = plan.lines();
        if (lines.size() <= MOST_LINES) {
            return lines.stream().map(line -> "\n    " + line).collect(Collectors.joining());
        }
        return Stream.of(
                                plan.faults(),
                                plan.acts(),
                                Stream.ofNullable(plan.failover()).toList())
                        .flatMap(List::stream)
                        .map(step -> "\n    " + step)
                        .collect(Collectors.joining())
                + "\n    " + plan.writes().size() + " transactions, "
                + plan.forbidden().size()
                + " forbidden writes";
    }
}
