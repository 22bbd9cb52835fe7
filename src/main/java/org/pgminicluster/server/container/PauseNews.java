package org.pgminicluster.server.container;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * What the engine says of a container's pauses, and what is true. It hears of each pause a second time, from what runs the
 * containers, and on a busy machine only when the container is awake already: for some hundred milliseconds it takes it for
 * paused and refuses what needs it awake.
 */
final class PauseNews {

    private static final Duration NEWS_MAY_COME = Duration.ofSeconds(10);
    private static final Duration NEWS_ARE_FALSE = Duration.ofSeconds(2);
    private static final Duration POLL = Duration.ofMillis(5);

    private final BooleanSupplier engineSaysPaused;
    private volatile boolean pausedHere;
    private volatile @Nullable Long resumedAt;

    PauseNews(BooleanSupplier engineSaysPaused) {
        this.engineSaysPaused = engineSaysPaused;
    }

    void paused() {
        pausedHere = true;
        resumedAt = null;
    }

    void resumed() {
        pausedHere = false;
        resumedAt = System.nanoTime();
    }

    /** Whether this JVM has paused it and not resumed it yet; the engine is not asked. */
    boolean isPausedHere() {
        return pausedHere;
    }

    /** What the engine says of it, unless that is old news. */
    boolean isPaused() {
        return engineSaysPaused.getAsBoolean() && !isAwakeAfterAll();
    }

    /** Whether the engine comes to say so, within the time for which its news may be old. */
    boolean isAwakeAfterAll() {
        Long resumed = resumedAt;
        if (resumed == null || System.nanoTime() - resumed > NEWS_MAY_COME.toNanos()) {
            return false;
        }
        try {
            Awaitility.await("the engine's news that a container was resumed")
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .atMost(NEWS_ARE_FALSE)
                    .until(() -> !engineSaysPaused.getAsBoolean());
            return true;
        } catch (ConditionTimeoutException e) {
            return false;
        }
    }
}
