package org.pgminicluster.attach;

import java.util.Set;
import java.util.TreeSet;
import org.pgminicluster.MiniClusterException;

/** What is in the way, all of it, before anything is changed. */
final class Complaints {

    private final String topology;
    private final Set<String> sentences = new TreeSet<>();

    Complaints(String topology) {
        this.topology = topology;
    }

    synchronized void add(String expected, String found, String remedy) {
        sentences.add("expected " + expected + ", but " + found + "; " + remedy);
    }

    /** @throws MiniClusterException with all of them, if there are any */
    synchronized void refuse() {
        if (sentences.size() == 1) {
            throw new MiniClusterException(sentences.iterator().next());
        }
        if (!sentences.isEmpty()) {
            throw new MiniClusterException(
                    "expected the servers to be ready for topology \"" + topology + "\", but " + sentences.size()
                            + " things are in the way, and nothing was changed:\n- " + String.join("\n- ", sentences));
        }
    }
}
