package org.pgminicluster.history;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** How far each publisher has come in its plan: what the anchors of other steps refer to. */
final class Progress {

    private final Map<Source, Integer> done = new ConcurrentHashMap<>();
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    void cameTo(Source source, int op) {
        done.put(source, op);
    }

    /** Nothing more comes, so nobody need wait. */
    void finished(Source source) {
        done.put(source, Integer.MAX_VALUE);
    }

    /** A node does not come back, so nobody need wait for it. */
    void gone(String node) {
        gone.add(node);
    }

    boolean isGone(String node) {
        return gone.contains(node);
    }

    boolean isAt(Source source, int op) {
        return done.getOrDefault(source, 0) >= op;
    }
}
