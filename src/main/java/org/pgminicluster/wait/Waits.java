package org.pgminicluster.wait;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Event.Wait.Outcome;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.server.Interrupts;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.state.ClusterState;

/**
 * The one place that waits. A wait looks again and again; it ends when what it waits for is there, when its time is up,
 * or when it has become hopeless: a server that it needs is gone, or a worker logs the same error again and again, which
 * does not go away by itself.
 * Whatever the end, it is in the journal, and a bad end carries the {@link ClusterState}.
 */
@API(status = API.Status.INTERNAL)
public final class Waits {

    /** How long is waited where nobody says otherwise, before scaling. */
    public static final Duration USUAL = Duration.ofSeconds(30);

    /** A wait is to see soon what comes soon; one that takes long may be a little late. */
    private static final Duration FIRST_POLL = Duration.ofMillis(2);

    private static final Duration LONGEST_POLL = Duration.ofMillis(10);
    private static final int POLLS_A_WAIT = 100;

    private final String topology;
    private final ServerSettings settings;
    private final Journal journal;
    private final Supplier<ClusterState> snapshot;

    /**
     * @param topology its name
     * @param snapshot what a failed wait has to show
     */
    public Waits(String topology, ServerSettings settings, Journal journal, Supplier<ClusterState> snapshot) {
        this.topology = topology;
        this.settings = settings;
        this.journal = journal;
        this.snapshot = snapshot;
    }

    /**
     * @param what what is waited for
     * @param atMost before scaling
     * @param needed nodes without which it cannot come; a wait on their logs would miss a server that is gone
     * @param look asked every 2 ms at first, every 10 ms in the end; a {@link SqlFailedException} counts as "not yet"
     * @throws WaitFailedException if it did not come, or if the thread is interrupted, which restores the flag
     */
    public void until(WaitFor what, Duration atMost, Collection<? extends Needed> needed, Supplier<Seen> look) {
        until(what, atMost, "", needed, look);
    }

    /**
     * @param remedy what to do if it does not come, as the end of the sentence that says so
     */
    public void until(
            WaitFor what, Duration atMost, String remedy, Collection<? extends Needed> needed, Supplier<Seen> look) {
        until(what, atMost, remedy, signs(List.copyOf(needed), true), look);
    }

    /** For what a server is to log: that it is gone does not end the wait, since its log may come later. */
    public void untilLogged(WaitFor what, Duration atMost, Needed node, Supplier<Seen> look) {
        until(what, atMost, "", signs(List.of(node), false), look);
    }

    private HopelessSigns signs(List<? extends Needed> needed, boolean mustRun) {
        return new HopelessSigns(needed, mustRun, settings, System.nanoTime());
    }

    private void until(WaitFor what, Duration atMost, String remedy, HopelessSigns signs, Supplier<Seen> look) {
        long start = System.nanoTime();
        Duration scaled = settings.scaled(atMost);
        Attempt attempt = new Attempt(look, signs);
        String ending;
        String meanwhile = "";
        boolean hopeless = false;
        try {
            Awaitility.await()
                    .pollInSameThread()
                    .pollDelay(Duration.ZERO)
                    .pollInterval((count, previous) -> pollAfter(Duration.ofNanos(System.nanoTime() - start)))
                    .atMost(scaled)
                    .until(attempt::isOver);
            if (attempt.interrupted) {
                journal(what, Outcome.INTERRUPTED, attempt, start);
                throw interrupted(what, attempt.lastSeen);
            }
            if (attempt.hopeless == null) {
                journal(what, Outcome.MET, attempt, start);
                return;
            }
            hopeless = true;
            ending = "gave up after " + seconds(start) + ": " + attempt.hopeless;
        } catch (ConditionTimeoutException e) {
            ending = "not within " + scaled.toMillis() / 1000.0 + " s";
            meanwhile = signs.passing();
        }
        journal(what, hopeless ? Outcome.HOPELESS : Outcome.NOT_MET, attempt, start);
        throw new WaitFailedException(
                "waited for " + what + ", " + ending + remedy + "\nlast seen: " + attempt.lastSeen + meanwhile,
                hopeless,
                snapshot.get(),
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
    public <T> T read(WaitFor what, Duration atMost, Collection<? extends Needed> needed, Supplier<T> look) {
        try {
            return look.get();
        } catch (SqlFailedException first) {
            List<T> found = new ArrayList<>();
            until(what, atMost, needed, () -> {
                found.add(look.get());
                return new Seen.Met(Words.of("seen.answered"));
            });
            return found.get(0);
        }
    }

    private WaitFailedException interrupted(WaitFor what, Words lastSeen) {
        return new WaitFailedException(
                "interrupted while waiting for " + what + "\nlast seen: " + lastSeen,
                false,
                new ClusterState(topology, List.of()),
                null);
    }

    private void journal(WaitFor what, Outcome outcome, Attempt attempt, long start) {
        journal.add(null, new Event.Wait(what, outcome, attempt.lastSeen, (System.nanoTime() - start) / 1e6));
    }

    private static String seconds(long start) {
        return String.format(Locale.ROOT, "%.1f s", (System.nanoTime() - start) / 1e9);
    }

    private static final class Attempt {
        private final Supplier<Seen> look;
        private final HopelessSigns signs;
        private Words lastSeen = Words.of("seen.nothing");
        private @Nullable String hopeless;
        private boolean interrupted;
        private @Nullable SqlFailedException lastFailure;

        Attempt(Supplier<Seen> look, HopelessSigns signs) {
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
                Seen seen = look.get();
                lastFailure = null;
                if (seen instanceof Seen.Met met) {
                    lastSeen = met.words();
                    return true;
                }
                if (seen instanceof Seen.Hopeless end) {
                    hopeless = end.text();
                    return true;
                }
                lastSeen = seen.words();
            } catch (SqlFailedException e) {
                lastFailure = e;
                lastSeen = Words.verbatim(String.valueOf(e.getMessage()));
            }
            try {
                hopeless = signs.found(System.nanoTime()).orElse(null);
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
