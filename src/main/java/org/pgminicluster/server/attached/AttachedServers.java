package org.pgminicluster.server.attached;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apiguardian.api.API;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.Credentials;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerProvider;
import org.pgminicluster.server.ServerSettings;

/** Provides servers that run already. */
@API(status = API.Status.INTERNAL)
public final class AttachedServers implements ServerProvider {

    private final Map<String, Attached> servers;
    private final ServerSettings settings;

    private AttachedServers(Map<String, Attached> servers, ServerSettings settings) {
        this.servers = servers;
        this.settings = settings;
    }

    /**
     * Those of a topology.
     *
     * @param names of its nodes and standbys
     * @throws MiniClusterException if the servers given are others
     */
    public static AttachedServers of(List<String> names, Map<String, Attached> servers, ServerSettings settings) {
        List<String> missing =
                names.stream().filter(name -> !servers.containsKey(name)).toList();
        List<String> unknown = servers.keySet().stream()
                .filter(name -> !names.contains(name))
                .sorted()
                .toList();
        if (!missing.isEmpty() || !unknown.isEmpty()) {
            throw new MiniClusterException(
                    "expected the servers to be attached to be one for each of " + names + ", but "
                            + (missing.isEmpty() ? "" : "there is none for " + String.join(", ", missing))
                            + (missing.isEmpty() || unknown.isEmpty() ? "" : ", and ")
                            + (unknown.isEmpty() ? "" : String.join(", ", unknown) + " is no node of the topology")
                            + "; give each node its server by its name");
        }
        Map<String, Attached> inOrder = new LinkedHashMap<>();
        names.forEach(name -> inOrder.put(name, servers.get(name)));
        return new AttachedServers(inOrder, settings);
    }

    /** Of the first one; each has its own. */
    public Credentials login() {
        return servers.values().iterator().next().login();
    }

    @Override
    public ServerKind kind() {
        return ServerKind.ATTACHED;
    }

    @Override
    public String describe() {
        return "servers that run already";
    }

    @Override
    public ServerGroup open(String name, Path logDirectory) {
        return new AttachedGroup(servers, settings, logDirectory);
    }
}
