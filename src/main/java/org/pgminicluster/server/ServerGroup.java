package org.pgminicluster.server;

import java.util.List;
import org.apiguardian.api.API;

/** The servers of one cluster, which reach each other by {@link PgServer#peerAddress()} and are closed together. */
@API(status = API.Status.INTERNAL)
public interface ServerGroup extends AutoCloseable {

    /**
     * Starts the servers in parallel and returns them, in the order given, when all accept connections. If one fails
     * the others are taken away before the exception leaves.
     *
     * @throws ServerFailedException naming the server, with the last lines of its log
     * @throws org.pgminicluster.EnvironmentException if what one of them is to run cannot be had here
     */
    List<PgServer> start(List<ServerSpec> specs);

    /** Closes every server and removes what they shared; harmless when called twice. */
    @Override
    void close();
}
