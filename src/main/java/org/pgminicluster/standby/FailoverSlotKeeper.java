package org.pgminicluster.standby;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Moves failover slots in the background, as whoever runs such a pair would have a service for. */
final class FailoverSlotKeeper implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FailoverSlotKeeper.class);
    private static final Duration EVERY = Duration.ofMillis(200);
    private static final Duration END = Duration.ofSeconds(10);

    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(action -> {
        Thread made = new Thread(action, "pg-minicluster-failover-slots");
        made.setDaemon(true);
        return made;
    });

    FailoverSlotKeeper(Runnable advance) {
        thread.scheduleWithFixedDelay(
                () -> {
                    try {
                        advance.run();
                    } catch (RuntimeException e) {
                        // What is thrown here would be the end of the schedule.
                        LOG.debug("failover slots stay where they are", e);
                    }
                },
                EVERY.toMillis(),
                EVERY.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("the thread that moves failover slots did not end within {}", END);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
