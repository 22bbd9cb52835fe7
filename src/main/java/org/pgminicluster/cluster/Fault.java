package org.pgminicluster.cluster;

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
    private boolean open = true;

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

    /** Whether it has not been healed yet. */
    public synchronized boolean isOpen() {
        return open;
    }

    /**
     * Puts it right and returns when all is as before, as far as the nodes that this takes are up; harmless when called
     * twice. What was lost through the fault comes later: await it.
     *
     * @throws WaitFailedException with the evidence if it was put right in vain
     */
    public void heal() {
        if (end()) {
            faults.heal(this);
        }
    }

    /** The same as {@link #heal()}. */
    @Override
    public void close() {
        heal();
    }

    /** Whether this call is the one that ends it. */
    synchronized boolean end() {
        boolean was = open;
        open = false;
        return was;
    }

    Breakage breakage() {
        return breakage;
    }

    @Override
    public String toString() {
        return description() + " (" + proof + ")";
    }
}
