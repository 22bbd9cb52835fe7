package org.pgminicluster.cluster;

import java.util.List;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.container.ContainersLeft;
import org.pgminicluster.server.process.ProcessesLeft;

/** What is left of a cluster but its logs: containers and networks, or processes and data directories. */
final class Remains {

    private Remains() {}

    /** Named one by one; empty if nothing is left. */
    static List<String> of(String clusterName) {
        ServerSettings settings = ServerSettings.fromSystemProperties();
        return ServerChoice.choose(settings).provider().kind() == ServerKind.CONTAINER
                ? ContainersLeft.of(clusterName)
                : ProcessesLeft.of(settings.temporary(), clusterName);
    }
}
