package org.pgminicluster.cluster;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;

/**
 * A backend was ended, as an administrator would. It does not come back; the worker of a subscription does, as another
 * one.
 *
 * @see <a href="https://www.postgresql.org/docs/13/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL">pg_terminate_backend</a>
 */
final class Terminated implements Breakage {

    private static final String GONE = "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ?)";

    private final Node node;
    private final int pid;
    private final String what;
    private final @Nullable Link comesBack;
    private Optional<Integer> walsenderBefore = Optional.empty();

    /** @param comesBack the subscription whose walsender or worker it is, or null for any other backend */
    Terminated(Node node, int pid, String what, @Nullable Link comesBack) {
        this.node = node;
        this.pid = pid;
        this.what = what;
        this.comesBack = comesBack;
    }

    @Override
    public Node node() {
        return node;
    }

    @Override
    public String what() {
        return what + " terminated";
    }

    @Override
    public String inflict() {
        if (comesBack != null) {
            walsenderBefore = comesBack.walsender();
        }
        if (!"t".equals(node.look("SELECT pg_terminate_backend(?)", pid).value())) {
            throw new MiniClusterException("expected " + what + " to be there when it is terminated, but was gone"
                    + " already; look for another one");
        }
        node.cluster().waits().until(what + " to be gone", MiniCluster.WAIT, List.of(node), () -> {
            boolean gone = "t".equals(node.look(GONE, pid).value());
            return Probe.of(gone, gone ? "gone" : "still there");
        });
        return "pid " + pid + " is gone";
    }

    @Override
    public void undo() {
        // What was ended stays ended.
    }

    @Override
    public String awaitHealed() {
        Link link = comesBack;
        if (link == null || link.whyAway(this).isPresent()) {
            return "it stays gone";
        }
        return link.awaitBack(now -> !Optional.of(now).equals(walsenderBefore)).orElse(link + " is connected again");
    }
}
