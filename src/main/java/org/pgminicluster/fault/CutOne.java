package org.pgminicluster.fault;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.FaultFacts;
import org.pgminicluster.journal.FaultKind;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.journal.Words;
import org.pgminicluster.runtime.Closing;
import org.pgminicluster.runtime.Link;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.Waits;

/**
 * One of several subscriptions of a node to the same publisher is cut. A publisher tells logins apart and not
 * subscriptions, so this one is made to log in by another role, which the publisher refuses.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-altersubscription.html">ALTER SUBSCRIPTION</a>
 */
final class CutOne implements FaultAction {

    private final Link link;
    private final Link refused;
    private final Cut cut;
    /** Known from when it is made to log in by another role. */
    private @Nullable Long oid;

    CutOne(StalledLinks stalled, Link link) {
        this.link = link;
        // Whether there is such a role makes no difference: pg_hba.conf is asked first.
        String role = link.role() + "_cut";
        refused = new Link(
                link.subscription(),
                link.subscriber(),
                link.publisher(),
                link.slot(),
                link.conninfo().with("user", role),
                link.physical());
        Member publisher = link.publisher().runtime().member(link.publisher().name());
        cut = new Cut(stalled, publisher, facts(), Map.of(publisher, Set.of(role)), List.of(refused));
    }

    Link link() {
        return link;
    }

    @Override
    public Member node() {
        return cut.node();
    }

    @Override
    public FaultFacts facts() {
        return link.facts(FaultKind.CUT);
    }

    @Override
    public Words inflict() {
        long led = link.oid();
        oid = led;
        link.reconnect(led, now -> true, now -> refused.conninfo());
        Words proof = cut.inflict();
        node().runtime().waits().until(WaitFor.noWalsender(link.words()), Waits.USUAL, List.of(node()), () -> {
            Optional<Integer> left = link.walsender();
            return Seen.of(
                    left.isEmpty(), Words.of("seen.walsender", left.isPresent() ? left.get() : Words.of("seen.none")));
        });
        return proof;
    }

    @Override
    public void undo() {
        Closing closing = new Closing();
        closing.attempt(cut::undo);
        Long led = oid;
        if (led != null) {
            closing.attempt(() -> {
                link.subscriber().requireAwake("it is led to its publisher again");
                link.reconnect(
                        led,
                        now -> now.get("user").equals(refused.conninfo().get("user")),
                        now -> now.withAsIn(link.conninfo(), "user"));
                oid = null;
            });
        }
        closing.finish();
    }

    @Override
    public Words awaitHealed() {
        return cut.awaitHealed(List.of(link));
    }
}
