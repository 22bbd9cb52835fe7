package org.pgminicluster.assertj;

import java.time.Duration;
import java.util.function.Supplier;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.cluster.MiniCluster.Seen;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.cluster.WaitFailedException;

/**
 * Assertions about something that changes by itself. They judge what there is now; after {@link #eventually()} they wait
 * for it.
 */
public abstract class StateAssert<SELF extends StateAssert<SELF, ACTUAL>, ACTUAL> extends AbstractAssert<SELF, ACTUAL> {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Node node;
    private @Nullable Duration patience;

    StateAssert(ACTUAL actual, Class<?> selfType, Node node) {
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

    Node node() {
        return node;
    }

    boolean waits() {
        return patience != null;
    }

    /**
     * Something good: a server that is gone, or a worker that fails again and again, ends the wait for it.
     *
     * @param claim the whole sentence after "expected"
     * @param look whether it holds, and what there is instead
     */
    SELF holds(String claim, Supplier<Seen> look) {
        return judge(claim, look, node);
    }

    /** Something bad, or the absence of something: an error that comes again and again does not end the wait for it. */
    SELF holdsWhateverFails(String claim, Supplier<Seen> look) {
        return judge(claim, look);
    }

    private SELF judge(String claim, Supplier<Seen> look, Node... needed) {
        isNotNull();
        Duration atMost = patience;
        if (atMost != null) {
            awaited(this, () -> node.cluster().await(claim, atMost, look, needed));
            return myself;
        }
        Seen seen = look.get();
        if (!seen.enough()) {
            throw failure("%s", "expected " + claim + "\nbut " + seen.text());
        }
        return myself;
    }

    /** A wait whose failure is the assertion's. */
    static void awaited(AbstractAssert<?, ?> claim, Runnable wait) {
        try {
            wait.run();
        } catch (WaitFailedException e) {
            AssertionError error = new AssertionError(prefix(claim) + e.getMessage());
            error.initCause(e);
            throw error;
        }
    }

    private static String prefix(AbstractAssert<?, ?> claim) {
        String description = claim.descriptionText();
        return description.isEmpty() ? "" : "[" + description + "] ";
    }
}
