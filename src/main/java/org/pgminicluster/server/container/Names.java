package org.pgminicluster.server.container;

import java.util.UUID;

/** Names of containers and networks, which a person can read and nobody else has taken. */
final class Names {

    private static final int READABLE = 40;
    private static final int UNIQUE = 8;

    private Names() {}

    /** {@code pg-minicluster-homework-1a2b3c4d} for {@code homework}; what an engine does not take becomes a dash. */
    static String unique(String name) {
        return readable(name) + "-" + UUID.randomUUID().toString().substring(0, UNIQUE);
    }

    /** The same without what makes it unique. */
    static String readable(String name) {
        String readable = name.replaceAll("[^A-Za-z0-9_.-]", "-");
        return "pg-minicluster-" + readable.substring(0, Math.min(READABLE, readable.length()));
    }
}
