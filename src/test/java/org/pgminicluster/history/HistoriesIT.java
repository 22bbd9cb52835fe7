package org.pgminicluster.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pgminicluster.server.ServerSettings;
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
    /** The first major whose standbys a topology can have: before, seeds of that profile are left out. */
    private static final int STANDBYS = 12;

    private static final Tally TALLY = new Tally();

    @AfterAll
    static void tellWhatWasReached() {
        LoggerFactory.getLogger(HistoriesIT.class).info("{}", TALLY);
    }

    static Stream<Named<Histories>> histories() {
        String file = System.getProperty("minicluster.plan", "");
        if (!file.isEmpty()) {
            Path plan = Path.of(file);
            Plan read = Plan.readFrom(plan);
            return Stream.of(
                    Named.of(file, histories(read.profile(), read.seed()).plan(plan)));
        }
        long first = Long.getLong("minicluster.seed", 1);
        boolean standbys = ServerSettings.fromSystemProperties().major().orElse(STANDBYS) >= STANDBYS;
        return LongStream.range(first, first + Long.getLong("minicluster.histories", HISTORIES))
                .filter(seed -> standbys || Profile.of(seed) != Profile.STANDBY)
                .mapToObj(seed -> Named.of(
                        "seed " + seed + ", " + Profile.of(seed),
                        histories(Profile.of(seed), seed).seeds(seed)));
    }

    private static Histories histories(Profile profile, long seed) {
        return Histories.of(HomeworkVariant.of(profile, seed).create())
                .profile(profile)
                .shrinkFor(Duration.ofSeconds(Long.getLong("minicluster.shrink", SHRINK_SECONDS)))
                .replayedBy(HistoriesIT::replay);
    }

    /** The command that runs a plan once more. */
    static String replay(Path file) {
        return "mvn verify -Dit.test=HistoriesIT -DskipUnitTests -Dinvoker.skip -Dminicluster.plan=" + file;
    }

    @ParameterizedTest
    @MethodSource("histories")
    void a_random_history_violates_no_invariant(Histories history) {
        HistoryResult result = history.named("history").results().get(0);

        synchronized (TALLY) {
            TALLY.add(result.plan(), result.history());
        }
        assertThat(result).withFailMessage(result::toString).matches(HistoryResult::isPassed);
    }

    @Test
    void what_became_of_a_commit_that_nobody_answered_is_unknown_and_not_lost() {
        HistoryResult result = histories(Profile.WAITING, 1)
                .seeds(1)
                .named("history-unknown")
                .run()
                .get(0);

        assertThat(result.history().all(HistoryEvent.Wrote.class).map(HistoryEvent.Wrote::outcome))
                .contains(HistoryEvent.Outcome.UNKNOWN);
        assertThat(result.verdict()).hasToString("PASSED");
    }
}
