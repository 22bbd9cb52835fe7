package org.pgminicluster.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.server.Interrupts;

/**
 * The one place that waits. A wait looks again and again; it ends when what it waits for is there, when its time is up,
 * or when it has become hopeless: a server that it needs is gone, or a worker logs the same error again and again.
 * Whatever the end, it is in the journal, and a bad end carries the {@link ClusterSnapshot}.
 */
final class Waits {

    /** A wait is to see soon what comes soon; one that takes long may be a little late. */
    private static final Duration FIRST_POLL = Duration.ofMillis(2);

    private static final Duration LONGEST_POLL = Duration.ofMillis(10);
    private static final int POLLS_A_WAIT = 100;

    private final MiniCluster cluster;

    Waits(MiniCluster cluster) {
        this.cluster = cluster;
    }

    /**
     * @param what what is waited for, as the end of the sentence "waited for ..."
     * @param atMost before scaling
     * @param needed nodes without which it cannot come; a wait on their logs would miss a server that is gone
     * @param look asked every 2 ms at first, every 10 ms in the end; a {@link SqlFailedException} counts as "not yet"
     * @throws WaitFailedException if it did not come, or if the thread is interrupted, which restores the flag
     */
    void until(String what, Duration atMost, Collection<Node> needed, Supplier<Probe> look) {
        until(what, atMost, "", needed, look);
    }

    /**
     * @param remedy what to do if it does not come, as the end of the sentence that says so
     */
    void until(String what, Duration atMost, String remedy, Collection<Node> needed, Supplier<Probe> look) {
        long start = System.nanoTime();
        Duration scaled = cluster.settings().scaled(atMost);
        Attempt attempt = new Attempt(look, new HopelessSigns(List.copyOf(needed), cluster.settings()));
        String ending;
        boolean hopeless = false;
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval((count, previous) -> pollAfter(Duration.ofNanos(System.nanoTime() - start)))
                    .atMost(scaled)
                    .until(attempt::isOver);
            if (attempt.interrupted) {
                throw interrupted(what, attempt.lastSeen);
            }
            if (attempt.hopeless == null) {
                journal(what, true, attempt, start);
                return;
            }
            hopeless = true;
            ending = "gave up after " + seconds(start) + ": " + attempt.hopeless;
        } catch (ConditionTimeoutException e) {
            ending = "not within " + scaled.toMillis() / 1000.0 + " s";
        }
        journal(what, false, attempt, start);
        throw new WaitFailedException(
                "waited for " + what + ", " + ending + remedy + "\nlast seen: " + attempt.lastSeen,
                hopeless,
                cluster.snapshot(),
                attempt.lastFailure);
    }

    /** How long to wait before the next look, after having waited for so long. */
    static Duration pollAfter(Duration waited) {
        Duration share = waited.dividedBy(POLLS_A_WAIT);
        if (share.compareTo(FIRST_POLL) < 0) {
            return FIRST_POLL;
        }
        return share.compareTo(LONGEST_POLL) > 0 ? LONGEST_POLL : share;
    }

    /**
     * What a look returns; tried again while the node does not answer. It is in the journal only if that was needed.
     *
     * @throws WaitFailedException if it does not answer at all
     */
    <T> T read(String what, Duration atMost, Collection<Node> needed, Supplier<T> look) {
        try {
            return look.get();
        } catch (SqlFailedException first) {
            List<T> found = new ArrayList<>();
            until(what, atMost, needed, () -> {
                found.add(look.get());
                return new Probe.Met("answered");
            });
            return found.get(0);
        }
    }

    private WaitFailedException interrupted(String what, String lastSeen) {
        return new WaitFailedException(
                "interrupted while waiting for " + what + "\nlast seen: " + lastSeen,
                false,
                new ClusterSnapshot(cluster.topology().name(), List.of()),
                null);
    }

    private void journal(String what, boolean met, Attempt attempt, long start) {
        cluster.journal().add(null, new Event.Wait(what, met, attempt.lastSeen, (System.nanoTime() - start) / 1e6));
    }

    private static String seconds(long start) {
        return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - start) / 1e9);
    }

    private static final class Attempt {
        private final Supplier<Probe> look;
        private final HopelessSigns signs;
        private String lastSeen = "nothing";
        private @Nullable String hopeless;
        private boolean interrupted;
        private @Nullable SqlFailedException lastFailure;

        Attempt(Supplier<Probe> look, HopelessSigns signs) {
            this.look = look;
            this.signs = signs;
        }

        boolean isOver() {
            // Awaitility sleeps on when it is interrupted; the flag stays set for whoever called.
            interrupted = Thread.currentThread().isInterrupted();
            if (interrupted) {
                return true;
            }
            try {
                Probe probe = look.get();
                lastFailure = null;
                if (probe instanceof Probe.Met met) {
                    lastSeen = met.seen();
                    return true;
                }
                if (probe instanceof Probe.Hopeless end) {
                    hopeless = end.reason();
                    return true;
                }
                lastSeen = ((Probe.NotYet) probe).seen();
            } catch (SqlFailedException e) {
                lastFailure = e;
                lastSeen = String.valueOf(e.getMessage());
            }
            try {
                hopeless = signs.found().orElse(null);
            } catch (RuntimeException e) {
                // Whoever asks a container engine finds out about an interrupt in his own way.
                interrupted = Interrupts.caused(e);
                if (!interrupted) {
                    throw e;
                }
            }
            return interrupted || hopeless != null;
        }
    }
}
