package org.pgminicluster.cluster;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Something that is broken on purpose, until it is healed. It has already happened when it is handed out: {@link
 * #proof()} says what shows it.
 *
 * <pre>{@code
 * try (Fault cut = cluster.faults().cut(vm1, vm3)) {
 *     vm1.execute("INSERT INTO test VALUES (1, 'kept by the slot')");
 * }
 * cluster.awaitConverged("test", "vm1", "vm3");
 * }</pre>
 */
public final class Fault implements AutoCloseable {

    private final Faults faults;
    private final Breakage breakage;
    private final String proof;
    private final Object healing = new Object();
    private volatile boolean open = true;
    private volatile @Nullable String failure;

    Fault(Faults faults, Breakage breakage, String proof) {
        this.faults = faults;
        this.breakage = breakage;
        this.proof = proof;
    }

    /** What is broken. */
    public String description() {
        return breakage.what();
    }

    /** What was seen that shows that it is. */
    public String proof() {
        return proof;
    }

    /** Whether it has not been healed yet; one that could not be healed is still open. */
    public boolean isOpen() {
        return open;
    }

    /** Why it could not be healed when that was last tried, and what to do; empty if it was not tried, or is healed. */
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /**
     * Puts it right and returns when all is as before, as far as the nodes that this takes are up; harmless when called
     * again, and by several threads. What was lost through the fault comes later: await it.
     *
     * @throws org.pgminicluster.MiniClusterException if it cannot be put right now; it stays open and can be healed again
     * @throws WaitFailedException with the evidence if it was put right in vain; it stays open, too
     */
    public void heal() {
        faults.heal(this);
    }

    /** The same as {@link #heal()}. */
    @Override
    public void close() {
        heal();
    }

    /** Ends it by what is given, unless it has ended; whoever comes meanwhile waits. It stays open if that fails. */
    void end(Runnable undoing) {
        synchronized (healing) {
            if (!open) {
                return;
            }
            try {
                undoing.run();
            } catch (RuntimeException e) {
                failure = firstLine(e);
                throw e;
            }
            open = false;
            failure = null;
        }
    }

    /** What a failed wait has to show is not part of a sentence. */
    static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message");
    }

    Breakage breakage() {
        return breakage;
    }

    @Override
    public String toString() {
        return description() + " (" + proof + ")";
    }
}
