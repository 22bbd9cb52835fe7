package org.pgminicluster.history;

/** The kind of a history: what its topology is and which faults its plan draws. */
public enum Profile {
    /** Writes and nothing else. */
    CALM(0, "off"),
    /** Any fault of nodes, links and workers. */
    FAULTS(4, "off"),
    /** The subscriptions' {@code synchronous_commit} is on, so that reads must not go backwards over a crash. */
    DURABLE(4, "on"),
    /** Links are cut one after the other and healed in another order. */
    SWIZZLE(4, "off"),
    /** vm4 is a guarded standby of vm3, both are disturbed, and in the end vm3 dies while vm4 lags, and vm4 takes over. */
    STANDBY(2, "off"),
    /** vm1 waits for vm3 when it commits, and is killed while it waits: nobody is told what became of the transaction. */
    WAITING(4, "on");

    private static final Profile[] ROTATION = {FAULTS, DURABLE, STANDBY, FAULTS, SWIZZLE, WAITING};

    private final int faults;
    private final String synchronousCommit;

    Profile(int faults, String synchronousCommit) {
        this.faults = faults;
        this.synchronousCommit = synchronousCommit;
    }

    /** The profile of a seed of which nothing else was said. */
    public static Profile of(long seed) {
        return ROTATION[Math.floorMod(seed, ROTATION.length)];
    }

    int faults() {
        return faults;
    }

    String synchronousCommit() {
        return synchronousCommit;
    }
}
