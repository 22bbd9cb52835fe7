package org.pgminicluster.lab.check;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Journal;
import org.pgminicluster.journal.WaitFor;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.session.Session;
import org.pgminicluster.state.ClusterState;
import org.pgminicluster.wait.Seen;
import org.pgminicluster.wait.WaitFailedException;
import org.pgminicluster.wait.Waits;

/** A session on each server, and patience. */
final class Sessions implements AutoCloseable {

    private final Map<String, Login.Entered> entered = new LinkedHashMap<>();
    private final Waits waits = new Waits(
            "check", ServerSettings.fromSystemProperties(), new Journal(), () -> new ClusterState("check", List.of()));

    /** Takes it over. */
    synchronized Login.Entered add(Login.Entered session) {
        Login.@Nullable Entered before = entered.put(session.node().name(), session);
        if (before != null) {
            before.session().close();
        }
        return session;
    }

    Session of(Survey server) {
        return of(server.node());
    }

    Session of(String node) {
        return way(node).session();
    }

    /** How that session was made. */
    synchronized Login.Entered way(String node) {
        Login.@Nullable Entered way = entered.get(node);
        if (way == null) {
            throw new IllegalArgumentException("no session on " + node);
        }
        return way;
    }

    /** Whether it comes to be so in a short while. */
    boolean comes(Duration atMost, Supplier<Boolean> look) {
        try {
            waits.until(WaitFor.own("what a check looks for"), atMost, List.of(), () -> Seen.of(look.get(), ""));
            return true;
        } catch (WaitFailedException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw e;
            }
            return false;
        }
    }

    @Override
    public synchronized void close() {
        entered.values().forEach(it -> it.session().close());
    }
}
