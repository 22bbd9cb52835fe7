package org.pgminicluster.cluster;

import java.util.List;

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
        if (!node.isRunning()) {
            return "was taken down in the meantime";
        }
        node.cluster().waits().until(node.name() + " to answer", MiniCluster.WAIT, List.of(node), () -> {
            node.look("SELECT 1");
            return new Probe.Met("answers");
        });
        return "answers";
    }
}
