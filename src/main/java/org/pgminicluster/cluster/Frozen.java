package org.pgminicluster.cluster;

/** A server is there and silent. */
record Frozen(Node node) implements Breakage {

    @Override
    public String what() {
        return node.name() + " paused";
    }

    @Override
    public void check() {
        node.checkFreeze();
    }

    @Override
    public String inflict() {
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
    public String awaitHealed() {
        return node.answers("answers");
    }
}
