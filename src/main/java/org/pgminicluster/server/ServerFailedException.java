package org.pgminicluster.server;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;

/** A server did not do what it was told: start, stop, answer. The message names it and ends with its log's tail. */
@API(status = API.Status.MAINTAINED)
public final class ServerFailedException extends MiniClusterException {

    private static final long serialVersionUID = 1L;

    public ServerFailedException(String server, String what, ServerLog log, @Nullable Throwable cause) {
        super(server + " " + what + "\nlast lines of " + log.file().getFileName() + ":\n" + log.tailText(), cause);
    }
}
