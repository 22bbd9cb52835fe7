package org.pgminicluster.fault;

import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.Member;

/** One way to break something, and to put it right again. */
interface FaultAction {

    /** The node that it happens on. */
    Member node();

    /** What is broken. */
    FaultFacts facts();

    /**
     * Looks whether it can be broken, and changes nothing.
     *
     * @throws org.pgminicluster.MiniClusterException with what to do if it cannot
     */
    default void check() {}

    /** Whether SQL alone does it, as with a server that is only attached nothing else does. */
    default boolean isSql() {
        return false;
    }

    /**
     * Breaks it and waits until it is broken.
     *
     * @return what was seen that shows it
     * @throws RuntimeException with what was seen if it could not be broken; {@link #undo()} is called then
     */
    Words inflict();

    /**
     * Puts back what was changed, however far {@link #inflict()} came; does not wait for what follows from it. Can be
     * called again, whether it has failed or not.
     */
    void undo();

    /**
     * Waits until all is as before, as far as the nodes that it takes are there to show it.
     *
     * @return what was seen that shows it
     */
    Words awaitHealed();

    /** Gives back what this JVM has for it, when the servers are gone and it could not be undone. */
    default void abandon() {}
}
