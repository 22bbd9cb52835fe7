package org.pgminicluster.server;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apiguardian.api.API;
import org.pgminicluster.MiniClusterException;

/** Does the same to several things at once and waits for all of them, whatever becomes of each. */
@API(status = API.Status.INTERNAL)
public final class InParallel {

    private InParallel() {}

    /**
     * The results in the order of {@code items}.
     *
     * @throws RuntimeException the first failure, the others suppressed in it; an interrupt restores the flag
     */
    public static <T, R> List<R> map(List<T> items, Function<T, R> action) {
        ExecutorService threads = threads(items.size());
        List<CompletableFuture<R>> begun = begin(items, action, threads);
        try {
            awaitEnd(threads);
        } catch (InterruptedException e) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
            throw new MiniClusterException("interrupted while waiting for work on several servers at once", e);
        }
        return results(begun);
    }

    /**
     * What must not be cut short, such as taking servers away: an interrupt is kept until all is done.
     *
     * @throws RuntimeException the first failure, the others suppressed in it
     */
    public static <T> void toTheEnd(List<T> items, Consumer<T> action) {
        ExecutorService threads = threads(items.size());
        List<CompletableFuture<Boolean>> begun = begin(
                items,
                item -> {
                    action.accept(item);
                    return true;
                },
                threads);
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                awaitEnd(threads);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        results(begun);
    }

    private static ExecutorService threads(int count) {
        return Executors.newFixedThreadPool(Math.max(1, count), runnable -> {
            Thread thread = new Thread(runnable, "pg-minicluster-worker");
            thread.setDaemon(true);
            return thread;
        });
    }

    private static <T, R> List<CompletableFuture<R>> begin(
            List<T> items, Function<T, R> action, ExecutorService threads) {
        List<CompletableFuture<R>> begun = new ArrayList<>();
        items.forEach(item -> begun.add(CompletableFuture.supplyAsync(() -> action.apply(item), threads)));
        threads.shutdown();
        return begun;
    }

    private static void awaitEnd(ExecutorService threads) throws InterruptedException {
        threads.awaitTermination(Long.MAX_VALUE, TimeUnit.NANOSECONDS);
    }

    private static <R> List<R> results(List<CompletableFuture<R>> done) {
        List<R> results = new ArrayList<>();
        RuntimeException failure = null;
        for (CompletableFuture<R> future : done) {
            try {
                results.add(future.join());
            } catch (CompletionException e) {
                RuntimeException cause = e.getCause() instanceof RuntimeException unchecked
                        ? unchecked
                        : new MiniClusterException(String.valueOf(e.getCause()), e.getCause());
                if (failure == null) {
                    failure = cause;
                } else if (failure != cause) {
                    failure.addSuppressed(cause);
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
        return results;
    }
}
