package org.pgminicluster.server;

import java.nio.file.Path;
import org.apiguardian.api.API;

/** Makes servers of one kind and one version. */
@API(status = API.Status.INTERNAL)
public interface ServerProvider {

    ServerKind kind();

    /** The version that servers of this provider will have, as far as it is known before one runs. */
    String describe();

    /**
     * Opens an empty group. The first group of a JVM also removes what a killed run left behind.
     *
     * @param name shown in names of containers and directories
     * @param logDirectory where each server's log is kept as {@code <node>.log}; made if missing
     * @throws org.pgminicluster.EnvironmentException if servers of this kind cannot be had here
     */
    ServerGroup open(String name, Path logDirectory);
}
