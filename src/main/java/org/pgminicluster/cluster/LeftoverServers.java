package org.pgminicluster.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apiguardian.api.API;
import org.pgminicluster.server.ServerSettings;

/** Removes what JVMs that were killed have left behind; the next start does the same by itself. */
@API(status = API.Status.MAINTAINED)
public final class LeftoverServers {

    private LeftoverServers() {}

    /**
     * Removes servers of the kind that the settings choose, with their data and networks, if the JVM that made them ran on
     * this machine and is no more.
     *
     * @throws org.pgminicluster.EnvironmentException if this machine cannot run such servers
     */
    public static void remove(ServerSettings settings) {
        try {
            // A group that opens looks for them, and none is left of one that never had a server.
            Path logs = Files.createTempDirectory("pg-minicluster-leftovers");
            try {
                ServerChoice.choose(settings).provider().open("leftovers", logs).close();
            } finally {
                Files.deleteIfExists(logs);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
