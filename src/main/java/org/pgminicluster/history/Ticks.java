package org.pgminicluster.history;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pgminicluster.MiniClusterException;

/** A thread of its own that does one thing again and again at a pace, until it is done or closed. */
final class Ticks implements AutoCloseable {

    private static final Duration LAST = Duration.ofSeconds(60);

    /** Returns whether all is done. */
    @FunctionalInterface
    interface Tick {
        boolean isLast();
    }

    private final String name;
    private final ScheduledExecutorService thread;
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    private Ticks(String name) {
        this.name = name;
        this.thread = new ScheduledThreadPoolExecutor(1, work -> {
            Thread made = new Thread(work, "pg-minicluster history " + name);
            made.setDaemon(true);
            return made;
        });
    }

    static Ticks start(String name, Duration pace, Tick tick) {
        Ticks ticks = new Ticks(name);
        var unused =
                ticks.thread.scheduleWithFixedDelay(() -> ticks.tick(tick), 0, pace.toNanos(), TimeUnit.NANOSECONDS);
        return ticks;
    }

    private void tick(Tick tick) {
        if (done.isDone()) {
            return;
        }
        try {
            if (tick.isLast()) {
                done.complete(null);
            }
        } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
        }
    }

    /**
     * Waits until it is done.
     *
     * @throws MiniClusterException if it has failed, or is not done in time
     */
    void await(Duration atMost) {
        try {
            done.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new MiniClusterException(name + " failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new MiniClusterException("expected " + name + " to be done within " + atMost, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MiniClusterException("interrupted while waiting for " + name, e);
        }
    }

    /** Ends it; what is under way is waited for. */
    @Override
    public void close() {
        done.complete(null);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(LAST.toMillis(), TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            thread.shutdownNow();
        }
    }
}
