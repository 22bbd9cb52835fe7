package org.pgminicluster.fault;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultFacts.Detail;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.Waits;

/**
 * The walsender of one subscription is frozen: its connection stays open, and nothing comes any more. That is what a
 * network that drops packets looks like to the subscriber.
 *
 * @see <a href="https://www.postgresql.org/docs/13/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW">
 *     pg_stat_replication</a>
 */
final class Stall implements FaultAction {

    private static final String IS_WALSENDER =
            "SELECT count(*) FROM pg_stat_activity WHERE pid = ? AND backend_type = 'walsender'";

    private final Link link;
    private final StalledLinks stalled;
    private @Nullable Integer pid;

    Stall(Link link, StalledLinks stalled) {
        this.stalled = stalled;
        this.link = link;
    }

    @Override
    public Member node() {
        return link.publisher();
    }

    @Override
    public FaultFacts facts() {
        return link.facts(FaultKind.STALL).with(Detail.PID, pid);
    }

    @Override
    public Words inflict() {
        stalled.add(link);
        int found;
        do {
            found = link.awaitWalsender();
            pid = found;
        } while (!isFrozen(found));
        return Words.of("proof.walsender-stopped", found, node().name());
    }

    /** Returns false if it has ended meanwhile: then there is another one, or will be soon. */
    private boolean isFrozen(int found) {
        try {
            node().freezeBackend(found, link.toString());
        } catch (MiniClusterException e) {
            if (isWalsender(found)) {
                throw e;
            }
            node().thawBackend(found, false);
            return false;
        }
        AtomicBoolean gone = new AtomicBoolean();
        node().runtime().waits().until(WaitFor.walsenderStopped(found), Waits.USUAL, List.of(node()), () -> {
            if (node().server().isStopped(found)) {
                return new Seen.Met(Words.of("seen.stopped"));
            }
            gone.set(!isWalsender(found));
            return gone.get() ? new Seen.Met(Words.of("seen.gone")) : new Seen.NotYet(Words.of("seen.runs"));
        });
        if (gone.get()) {
            node().thawBackend(found, false);
        }
        return !gone.get();
    }

    /** One that ended with its server needs nothing. */
    @Override
    public void undo() {
        Integer frozen = pid;
        if (frozen != null && node().isRunning()) {
            node().requireAwake("a walsender of it is thawed");
            node().thawBackend(frozen, isWalsender(frozen));
        }
        stalled.remove(link);
    }

    private boolean isWalsender(int candidate) {
        return node().look(IS_WALSENDER, candidate).number() == 1;
    }

    @Override
    public Words awaitHealed() {
        Optional<Words> away = stalled.whyAway(link);
        if (away.isPresent()) {
            return away.get();
        }
        Integer thawed = pid;
        return link.awaitBack(now ->
                        thawed == null || now != thawed || !node().server().isStopped(now))
                .orElse(Words.of("proof.walsender-runs"));
    }
}
