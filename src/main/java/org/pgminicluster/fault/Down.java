package org.pgminicluster.fault;

import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.server.StopMode;

/** A server is not there. */
final class Down implements FaultAction {

    private final Member node;
    private final @Nullable StopMode mode;

    /** @param mode how it is stopped, or null if it is killed */
    Down(Member node, @Nullable StopMode mode) {
        this.node = node;
        this.mode = mode;
    }

    @Override
    public Member node() {
        return node;
    }

    @Override
    public FaultFacts facts() {
        return node.takeDownFacts(mode);
    }

    @Override
    public void check() {
        node.checkTakeDown(mode);
    }

    @Override
    public Words inflict() {
        return node.takeDown(mode);
    }

    /** Somebody may have started it in the meantime. */
    @Override
    public void undo() {
        if (!node.isRunning()) {
            node.bringUp();
        }
    }

    @Override
    public Words awaitHealed() {
        return node.answers(node.accepting());
    }
}
