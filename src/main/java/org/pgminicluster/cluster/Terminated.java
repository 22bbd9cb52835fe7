package org.pgminicluster.cluster;

import java.util.List;
import org.jspecify.annotations.Nullable;

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
        boolean signalled =
                "t".equals(node.look("SELECT pg_terminate_backend(?)", pid).value());
        node.cluster().waits().until(what + " to be gone", MiniCluster.WAIT, List.of(node), () -> {
            boolean gone = "t".equals(node.look(GONE, pid).value());
            return Probe.of(gone, gone ? "gone" : signalled ? "still there" : "not there to be told");
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
        if (link == null || !link.subscriber().isAwake() || !link.publisher().isAwake() || !link.isCurrent()) {
            return "it stays gone";
        }
        node.cluster()
                .waits()
                .until(
                        link + " to be connected again",
                        MiniCluster.WAIT,
                        List.of(link.subscriber(), link.publisher()),
                        () -> Probe.of(
                                link.walsender().isPresent(),
                                "walsender "
                                        + link.walsender().map(Object::toString).orElse("none")));
        return link + " is connected again";
    }
}
