package org.pgminicluster.speed;

import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Work in a thread of its own, which waits as long as it likes. */
final class InThread {

    private InThread() {}

    static <T> CompletableFuture<T> supply(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, task -> {
            Thread thread = new Thread(task, "bench");
            thread.setDaemon(true);
            thread.start();
        });
    }
}
