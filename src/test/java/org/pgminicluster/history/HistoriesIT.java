package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/**
 * Random histories of writes and faults, none of which may violate an invariant. {@code -Dminicluster.histories=N} runs
 * more of them, {@code -Dminicluster.seed=S} others, {@code -Dminicluster.plan=FILE} one plan from a file; {@code
 * -Dminicluster.shrink=SECONDS} says how long a shorter plan is looked for when one fails.
 */
@Order(1)
@Execution(ExecutionMode.CONCURRENT)
class HistoriesIT {

    private static final long HISTORIES = 10;
    private static final long SHRINK_SECONDS = 120;

    private static final Tally TALLY = new Tally();

    @AfterAll
    static void tellWhatWasReached() {
        LoggerFactory.getLogger(HistoriesIT.class).info("{}", TALLY);
    }

    static Stream<Plan> plans() {
        String file = System.getProperty("minicluster.plan", "");
        if (!file.isEmpty()) {
            return Stream.of(Plan.readFrom(Path.of(file)));
        }
        long first = Long.getLong("minicluster.seed", 1);
        return LongStream.range(first, first + Long.getLong("minicluster.histories", HISTORIES))
                .mapToObj(seed -> Plan.generate(seed, Profile.of(seed)));
    }

    @ParameterizedTest
    @MethodSource("plans")
    void a_random_history_violates_no_invariant(Plan plan) {
        String name = "history-" + plan.seed() + "-" + plan.profile();
        HistoryRunner.Run run = HistoryRunner.run(plan, name);

        synchronized (TALLY) {
            TALLY.add(plan, run.history());
        }
        Verdict verdict = Oracle.judge(run.history());

        assertThat(verdict)
                .withFailMessage(() -> explain(plan, verdict, run.directory()))
                .matches(Verdict::isPassed);
    }

    @Test
    void what_became_of_a_commit_that_nobody_answered_is_unknown_and_not_lost() {
        Plan plan = Plan.generate(1, Profile.WAITING);

        HistoryRunner.Run run = HistoryRunner.run(plan, "history-unknown");

        assertThat(run.history().all(HistoryEvent.Wrote.class).map(HistoryEvent.Wrote::outcome))
                .contains(HistoryEvent.Outcome.UNKNOWN);
        assertThat(Oracle.judge(run.history())).hasToString("PASSED");
    }

    private static String explain(Plan plan, Verdict verdict, Path directory) {
        return new Investigation(
                        candidate -> Oracle.judge(HistoryRunner.run(candidate, directory.getFileName() + "-again")
                                .history()),
                        Duration.ofSeconds(Long.getLong("minicluster.shrink", SHRINK_SECONDS)))
                .explain(plan, verdict, directory);
    }
}
