package org.pgminicluster.cluster;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One of several subscriptions of a node to the same publisher is cut. A publisher tells logins apart and not
 * subscriptions, so this one is made to log in by another role, which the publisher refuses.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-altersubscription.html">ALTER SUBSCRIPTION</a>
 */
final class CutOne implements Breakage {

    private final Link link;
    private final Link refused;
    private final Cut cut;
    /** Known from when it is made to log in by another role. */
    private @Nullable Long oid;

    CutOne(MiniCluster cluster, Link link) {
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
        Node publisher = cluster.node(link.publisher().name());
        cut = new Cut(cluster, publisher, what(), Map.of(publisher, Set.of(role)), List.of(refused));
    }

    Link link() {
        return link;
    }

    @Override
    public Node node() {
        return cut.node();
    }

    @Override
    public String what() {
        return link + " cut";
    }

    @Override
    public String inflict() {
        long led = link.oid();
        oid = led;
        link.reconnect(led, now -> true, now -> refused.conninfo());
        String proof = cut.inflict();
        node().cluster()
                .waits()
                .until(
                        "the walsender of " + link + " to be gone",
                        MiniCluster.WAIT,
                        List.of(node()),
                        () -> Probe.of(link.walsender().isEmpty(), "walsender " + link.walsender()));
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
    public String awaitHealed() {
        return cut.awaitHealed(List.of(link));
    }
}
