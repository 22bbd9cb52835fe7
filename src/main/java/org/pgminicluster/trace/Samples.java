package org.pgminicluster.trace;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Trace;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.session.Session;
import org.pgminicluster.state.ServerState;
import org.pgminicluster.state.StateReader;
import org.pgminicluster.state.SubscriptionState;

/** Asks one node how far it is, over a connection of its own, so that nobody has to wait for it. */
final class Samples {

    private final Member node;
    private volatile @Nullable Session session;
    private final TableRows rows = new TableRows();
    private Map<String, String> replayed = Map.of();

    Samples(Member node) {
        this.node = node;
    }

    /** How far the subscriptions of a standby's upstream were there with what it has replayed, as last taken. */
    Map<String, String> replayed() {
        return replayed;
    }

    Trace.Probe take() {
        replayed = Map.of();
        try {
            Session open = session;
            if (open == null) {
                open = node.quietSession("pg-minicluster trace");
                open.execute("SET lock_timeout = 100");
                session = open;
            }
            return ask(open);
        } catch (RuntimeException e) {
            // It may die at any moment; that is what pictures are drawn of.
            close();
            return new Trace.Probe(stateOfSilent(), null, List.of(), List.of());
        }
    }

    /** These have been written to, or something has arrived in them. */
    void changed(List<String> tables) {
        rows.changed(tables);
    }

    /** What tables hold that have changed; nothing as long as the node does not answer. */
    List<Trace.Contents> contents() {
        Session open = session;
        if (open == null) {
            return List.of();
        }
        try {
            return rows.read(open);
        } catch (RuntimeException e) {
            // Locked, gone, or the node is: the picture is without them.
            return List.of();
        }
    }

    private String stateOfSilent() {
        try {
            return !node.isRunning() ? "down" : node.isPaused() ? "paused" : "silent";
        } catch (RuntimeException e) {
            return "silent";
        }
    }

    private Trace.Probe ask(Session open) {
        // The position comes last: what was seen to be applied lies before it.
        List<SubscriptionState> subscriptions = StateReader.subscriptionsIn(open::query);
        ServerState server = StateReader.server(open::query);
        if (server.standby()) {
            replayed = subscriptions.stream()
                    .filter(it -> it.applied() != null)
                    .collect(Collectors.toMap(SubscriptionState::name, it -> String.valueOf(it.applied())));
        }
        return Facts.of(server, subscriptions);
    }

    void close() {
        Session open = session;
        session = null;
        if (open != null) {
            open.close();
        }
    }
}
