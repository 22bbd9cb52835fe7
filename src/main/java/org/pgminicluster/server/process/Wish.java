package org.pgminicluster.server.process;

import org.jspecify.annotations.Nullable;

/**
 * Who has asked for a version, so that a message can say where to ask for another.
 *
 * @param node the node that runs another one than the others; null if all are meant
 */
record Wish(@Nullable String node) {

    static final Wish OF_ALL = new Wish(null);

    static Wish of(String node) {
        return new Wish(node);
    }

    /** As the beginning of a sentence has it after "expected". */
    String where() {
        return node == null ? "-Dminicluster.postgres" : "postgres(...) of " + node;
    }

    /** Whose binaries they are to be. */
    String whose() {
        return node == null ? "" : " for " + node;
    }
}
