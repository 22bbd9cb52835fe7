package org.pgminicluster.assertj;

import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.WaitFailedException;
import org.pgminicluster.wait.Waits;

/**
 * Assertions about something that changes by itself. They judge what there is now; after {@link #eventually()} they wait
 * for it.
 */
@API(status = API.Status.MAINTAINED)
public abstract class StateAssert<SELF extends StateAssert<SELF, ACTUAL>, ACTUAL> extends AbstractAssert<SELF, ACTUAL> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Member node;
    private @Nullable Duration patience;

    StateAssert(ACTUAL actual, Class<?> selfType, Member node) {
        super(actual, selfType);
        this.node = node;
    }

    /** From here on what is claimed is waited for, 30 seconds at most (scaled). */
    public SELF eventually() {
        return eventually(PATIENCE);
    }

    /** From here on what is claimed is waited for; the timeout of each claim is scaled. */
    public SELF eventually(Duration atMost) {
        patience = atMost;
        return myself;
    }

    /** Gives an assertion about a part the description of the one about the whole. */
    static <T extends AbstractAssert<?, ?>> T inherit(AbstractAssert<?, ?> whole, T part) {
        if (whole.info.hasDescription()) {
            part.info.description(whole.info.description());
        }
        return part;
    }

    Member node() {
        return node;
    }

    boolean waits() {
        return patience != null;
    }

    /**
     * Something that is to be logged: a worker that fails again and again by something else ends the wait for it.
     *
     * @param look whether it is there, and what there is instead
     */
    SELF isLogged(Words rule, Supplier<Seen> look) {
        return judge(rule, look, (waits, claim, atMost) -> waits.untilLogged(claim, atMost, node, look));
    }

    /**
     * Something good: a server that is gone, or a worker that fails again and again, ends the wait for it.
     *
     * @param rule what is claimed
     * @param look whether it holds, and what there is instead
     */
    SELF holds(Words rule, Supplier<Seen> look) {
        return judge(rule, look, (waits, claim, atMost) -> waits.until(claim, atMost, List.of(node), look));
    }

    /** Something bad, or the absence of something: an error that comes again and again does not end the wait for it. */
    SELF holdsWhateverFails(Words rule, Supplier<Seen> look) {
        return judge(rule, look, (waits, claim, atMost) -> waits.until(claim, atMost, List.of(), look));
    }

    /** What it is about. */
    abstract Words subject();

    @FunctionalInterface
    private interface Waiting {
        void run(Waits waits, WaitFor claim, Duration atMost);
    }

    private SELF judge(Words rule, Supplier<Seen> look, Waiting waiting) {
        isNotNull();
        WaitFor claim = WaitFor.claim(subject(), rule);
        Duration atMost = patience;
        if (atMost != null) {
            awaited(this, () -> waiting.run(node.runtime().waits(), claim, atMost));
            return myself;
        }
        Seen seen = look.get();
        if (!seen.isEnough()) {
            throw failure("%s", "expected " + claim + "\nbut " + seen.text());
        }
        return myself;
    }

    /** A wait whose failure is the assertion's: in a few lines, of which the cause has the evidence. */
    static void awaited(AbstractAssert<?, ?> claim, Runnable wait) {
        try {
            wait.run();
        } catch (WaitFailedException e) {
            AssertionError error = new AssertionError(prefix(claim) + e.summary());
            error.initCause(e);
            throw error;
        }
    }

    private static String prefix(AbstractAssert<?, ?> claim) {
        String description = claim.descriptionText();
        return description.isEmpty() ? "" : "[" + description + "] ";
    }
}
