package org.pgminicluster.cluster;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The walsender of one subscription is frozen: its connection stays open, and nothing comes any more. That is what a
 * network that drops packets looks like to the subscriber.
 *
 * @see <a href="https://www.postgresql.org/docs/13/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW">
 *     pg_stat_replication</a>
 */
final class Stall implements Breakage {

    private static final String IS_WALSENDER =
            "SELECT count(*) FROM pg_stat_activity WHERE pid = ? AND backend_type = 'walsender'";

    private final Link link;
    private @Nullable Integer pid;

    Stall(Link link) {
        this.link = link;
    }

    Link link() {
        return link;
    }

    @Override
    public Node node() {
        return link.publisher();
    }

    @Override
    public String what() {
        return link + " stalled";
    }

    @Override
    public String inflict() {
        int found = link.awaitWalsender();
        pid = found;
        node().server().signal("STOP", found);
        until("walsender " + found + " to stop", () -> {
            boolean stopped = node().server().isStopped(found);
            return Probe.of(stopped, stopped ? "stopped" : "runs");
        });
        return "walsender " + found + " on " + node().name() + " is stopped";
    }

    /** One that ended with its server needs nothing. */
    @Override
    public void undo() {
        Integer stalled = pid;
        if (stalled != null && node().isRunning()) {
            node().requireAwake("a walsender of it is thawed");
            if (isWalsender(stalled)) {
                node().server().signal("CONT", stalled);
            }
        }
    }

    private boolean isWalsender(int candidate) {
        return node().look(IS_WALSENDER, candidate).number() == 1;
    }

    @Override
    public String awaitHealed() {
        Optional<String> away = link.whyAway(this);
        if (away.isPresent()) {
            return away.get();
        }
        Integer stalled = pid;
        return link.awaitBack(now ->
                        stalled == null || now != stalled || !node().server().isStopped(now))
                .orElse("its walsender runs");
    }

    private void until(String what, Supplier<Probe> look) {
        node().cluster().waits().until(what, MiniCluster.WAIT, List.of(node()), look);
    }
}
