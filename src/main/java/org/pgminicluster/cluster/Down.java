package org.pgminicluster.cluster;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.server.StopMode;

/** A server is not there. */
final class Down implements Breakage {

    private final Node node;
    private final @Nullable StopMode mode;

    /** @param mode how it is stopped, or null if it is killed */
    Down(Node node, @Nullable StopMode mode) {
        this.node = node;
        this.mode = mode;
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public String what() {
        return node.name()
                + (mode == null ? " killed" : " stopped, " + mode.name().toLowerCase(Locale.ROOT));
    }

    @Override
    public void check() {
        node.checkTakeDown(mode);
    }

    @Override
    public String inflict() {
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
    public String awaitHealed() {
        return node.answers("accepts connections at " + node.address());
    }
}
