package org.pgminicluster.server.process;

import org.pgminicluster.MiniClusterException;

/** Somebody else listens on a server's port. */
final class PortTakenException extends MiniClusterException {

    private static final long serialVersionUID = 1L;

    PortTakenException(String server, int port) {
        super("expected port " + port + " of " + server + " to be free on " + StartSettings.HOST
                + ", but was taken by another process; choose another, or 0 for any that is free");
    }
}
