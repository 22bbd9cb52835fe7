package org.pgminicluster.fault;

import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.Member;

/** A server is there and silent. */
record Frozen(Member node) implements FaultAction {

    @Override
    public FaultFacts facts() {
        return FaultFacts.of(FaultKind.PAUSE, node.name());
    }

    @Override
    public void check() {
        node.checkFreeze();
    }

    @Override
    public Words inflict() {
        return node.freeze();
    }

    /** Somebody may have resumed or killed it in the meantime. */
    @Override
    public void undo() {
        if (node.isPaused()) {
            node.thaw();
        }
    }

    @Override
    public Words awaitHealed() {
        return node.answers(Words.of("proof.answers"));
    }
}
