package org.pgminicluster.server;

import java.util.Locale;
import org.apiguardian.api.API;

/** What a server runs in. */
@API(status = API.Status.MAINTAINED)
public enum ServerKind {
    /** A container of the official image, or of one that keeps its contract. */
    CONTAINER,
    /** A local process of real PostgreSQL binaries on a loopback port. */
    PROCESS,
    /** A server that ran before, of whatever kind and wherever, and goes on when the cluster is closed. */
    ATTACHED;

    /** As it is written in {@code -Dminicluster.servers} and in reports. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
