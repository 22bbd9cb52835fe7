package org.pgminicluster.server.container;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pgminicluster.MiniClusterException;

/** Calls what may block for ever in a thread of its own, and waits for it only so long. */
final class Bounded {

    private Bounded() {}

    static <T> T call(String thread, Duration atMost, Callable<T> action) throws ExecutionException, TimeoutException {
        FutureTask<T> task = new FutureTask<>(action);
        Thread runner = new Thread(task, thread);
        runner.setDaemon(true);
        runner.start();
        try {
            return task.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MiniClusterException("interrupted while the container engine was asked", e);
        }
    }
}
