package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Random histories. */
class HistoriesIT {

    static LongStream seeds() {
        long first = Long.getLong("minicluster.seed", 1);
        return LongStream.range(first, first + Long.getLong("minicluster.histories", 20));
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void a_random_history_violates_no_invariant(long seed) {
        Plan plan = Plan.generate(seed, Profile.of(seed));
        long start = System.nanoTime();
        HistoryRunner.Run run = HistoryRunner.run(plan, "history-" + seed);
        Verdict verdict = Oracle.judge(run.history());
        System.out.println("TIME " + seed + " " + plan.profile() + " " + (System.nanoTime() - start) / 1_000_000
                + " ms " + verdict);
        run.history().all(HistoryEvent.Void.class).forEach(System.out::println);
        assertThat(verdict).matches(Verdict::isPassed, "passed");
    }
}
