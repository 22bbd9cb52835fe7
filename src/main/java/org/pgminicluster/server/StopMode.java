package org.pgminicluster.server;

import org.apiguardian.api.API;

/**
 * How a server is asked to stop.
 *
 * @see <a href="https://www.postgresql.org/docs/13/server-shutdown.html">Shutting Down the Server</a>
 */
@API(status = API.Status.MAINTAINED)
public enum StopMode {
    /** SIGINT: sessions are ended, a shutdown checkpoint is written, walsenders wait for their receivers. */
    FAST("INT"),
    /** SIGQUIT: no checkpoint; the next start recovers from the WAL. */
    IMMEDIATE("QUIT");

    private final String signal;

    StopMode(String signal) {
        this.signal = signal;
    }

    /** The signal's name without {@code SIG}, as {@code kill -s} takes it. */
    public String signal() {
        return signal;
    }
}
