package org.pgminicluster.history;

import org.apiguardian.api.API;

/** The kind of a history: how what is there replicates, and which faults its plan draws. */
@API(status = API.Status.EXPERIMENTAL)
public enum Profile {
    /** Writes and nothing else. */
    CALM(0, ""),
    /** Any fault of nodes, links and workers. */
    FAULTS(4, ""),
    /** The subscriptions' {@code synchronous_commit} is on, so that reads must not go backwards over a crash. */
    DURABLE(4, "on"),
    /** Links are cut one after the other and healed in another order. */
    SWIZZLE(4, ""),
    /** A standby and its primary are disturbed, and in the end the primary dies while the standby lags, which takes over. */
    STANDBY(2, ""),
    /**
     * A publisher waits for a subscriber when it commits, and is killed while it waits: nobody is told what became of the
     * transaction.
     */
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

    /** Of the subscriptions that do not say it themselves; empty to leave them as they are. */
    String synchronousCommit() {
        return synchronousCommit;
    }
}
