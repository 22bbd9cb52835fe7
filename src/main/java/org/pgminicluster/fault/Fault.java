package org.pgminicluster.fault;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.FaultFacts.Detail;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Words;

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
@API(status = API.Status.MAINTAINED)
public final class Fault implements AutoCloseable {

    private final Consumer<Fault> healer;
    private final FaultAction action;
    private final Event.Fault begun;
    private final Object healing = new Object();
    private volatile boolean open = true;
    private volatile @Nullable String failure;

    Fault(Consumer<Fault> healer, FaultAction action, Words proof) {
        this.healer = healer;
        this.action = action;
        this.begun = new Event.Fault(action.facts(), Event.Fault.Phase.OPENED, proof);
    }

    /** What was done. */
    public FaultKind kind() {
        return begun.facts().kind();
    }

    /**
     * The names of the nodes that it is about: the one that it was done to; of a link, its publisher and then its
     * subscriber, or its primary and then its standby.
     */
    public List<String> nodes() {
        return begun.facts().nodes();
    }

    /** The subscription that it was done to, as it was called then; empty if it was done to whole nodes or to a standby. */
    public Optional<String> subscription() {
        return begun.facts().text(Detail.SUBSCRIPTION);
    }

    /** The slot that it was done to, if it was done to a slot. */
    public Optional<String> slot() {
        return begun.facts().text(Detail.SLOT);
    }

    /** The walsender that was frozen, or the backend that was ended. */
    public Optional<Integer> pid() {
        return begun.facts().number(Detail.PID).map(Math::toIntExact);
    }

    /** What is broken, in English. */
    public String description() {
        return begun.what().toString();
    }

    /** What was seen that shows that it is, in English. */
    public String proof() {
        return begun.proof().toString();
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
     * @throws org.pgminicluster.wait.WaitFailedException with the evidence if it was put right in vain; it stays open, too
     */
    public void heal() {
        healer.accept(this);
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

    FaultAction action() {
        return action;
    }

    /** What is written down of its beginning. */
    Event.Fault begun() {
        return begun;
    }

    @Override
    public String toString() {
        return description() + " (" + proof() + ")";
    }
}
