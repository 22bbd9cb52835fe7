package org.pgminicluster.fault;

import java.util.List;
import java.util.Optional;
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
 * A backend was ended, as an administrator would. It does not come back; the worker of a subscription does, as another
 * one.
 *
 * @see <a href="https://www.postgresql.org/docs/13/functions-admin.html#FUNCTIONS-ADMIN-SIGNAL">pg_terminate_backend</a>
 */
final class Terminated implements FaultAction {

    private static final String GONE = "SELECT NOT EXISTS (SELECT FROM pg_stat_activity WHERE pid = ?)";

    private final Member node;
    private final int pid;
    private final FaultFacts facts;
    private final @Nullable Link comesBack;
    private final StalledLinks stalled;
    private Optional<FormerWalsender> former = Optional.empty();

    /**
     * @param backend what kind it is
     * @param comesBack the subscription whose walsender or worker it is, or null for any other backend
     */
    Terminated(Member node, int pid, String backend, @Nullable Link comesBack, StalledLinks stalled) {
        this.stalled = stalled;
        this.node = node;
        this.pid = pid;
        this.facts = (comesBack == null
                        ? FaultFacts.of(FaultKind.TERMINATE, node.name())
                        : comesBack.facts(FaultKind.TERMINATE))
                .with(Detail.BACKEND, backend)
                .with(Detail.PID, pid);
        this.comesBack = comesBack;
    }

    @Override
    public Member node() {
        return node;
    }

    @Override
    public boolean isSql() {
        return true;
    }

    @Override
    public FaultFacts facts() {
        return facts;
    }

    @Override
    public Words inflict() {
        if (comesBack != null) {
            former = FormerWalsender.of(comesBack);
        }
        if (!"t".equals(node.look("SELECT pg_terminate_backend(?)", pid).value())) {
            throw new MiniClusterException("expected " + facts.backend()
                    + " to be there when it is terminated, but was gone" + " already; look for another one");
        }
        node.runtime().waits().until(WaitFor.backendGone(facts.backend()), Waits.USUAL, List.of(node), () -> {
            boolean gone = "t".equals(node.look(GONE, pid).value());
            return Seen.of(gone, Words.of(gone ? "seen.gone" : "seen.still-there"));
        });
        return Words.of("proof.pid-gone", pid);
    }

    @Override
    public void undo() {
        // What was ended stays ended.
    }

    @Override
    public Words awaitHealed() {
        Link link = comesBack;
        if (link == null || stalled.whyAway(link).isPresent()) {
            return Words.of("proof.stays-gone");
        }
        return link.awaitBack(now -> former.filter(it -> it.is(now)).isEmpty())
                .orElse(Words.of("proof.connected-again", link.words()));
    }
}
