package org.pgminicluster.history;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How far each writer has come in its plan: what the anchors of other steps refer to. */
final class Progress {

    private final Map<String, Integer> done = new ConcurrentHashMap<>();
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    void cameTo(String ledger, int op) {
        done.put(ledger, op);
    }

    /** Nothing more comes, so nobody need wait. */
    void finished(String ledger) {
        done.put(ledger, Integer.MAX_VALUE);
    }

    /** A node does not come back, so nobody need wait for it. */
    void gone(String node) {
        gone.add(node);
    }

    boolean isGone(String node) {
        return gone.contains(node);
    }

    /** One that was gone is there again. */
    void back(String node) {
        gone.remove(node);
    }

    int of(String ledger) {
        return done.getOrDefault(ledger, 0);
    }

    boolean isAt(String ledger, int op) {
        return done.getOrDefault(ledger, 0) >= op;
    }
}
