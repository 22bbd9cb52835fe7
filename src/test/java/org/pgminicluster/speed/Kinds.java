package org.pgminicluster.speed;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.container.ContainerServers;
import org.pgminicluster.topology.Topology;

/**
 * What can be had of the kinds of servers that are asked for.
 *
 * @param had the settings of each
 * @param versions PostgreSQL's, of each, and for processes the type of the file system that has their data
 * @param leftOut why the others cannot be had
 * @param noEngine why the plain way cannot be had
 */
record Kinds(
        Map<String, ServerSettings> had,
        Map<String, String> versions,
        Map<String, String> leftOut,
        Optional<String> noEngine) {

    static Kinds find(BenchSettings bench) {
        Map<String, ServerSettings> had = new LinkedHashMap<>();
        Map<String, String> versions = new LinkedHashMap<>();
        Map<String, String> leftOut = new LinkedHashMap<>();
        Optional<String> noEngine = ContainerServers.whyUnavailable(settings("container"));
        for (String kind : bench.kinds()) {
            if (kind.equals("container") && noEngine.isPresent()) {
                leftOut.put(kind, noEngine.get());
                continue;
            }
            ServerSettings settings = settings(kind);
            try {
                versions.put(kind, version(settings));
                had.put(kind, settings);
            } catch (MiniClusterException e) {
                leftOut.put(
                        kind, String.valueOf(e.getMessage()).lines().findFirst().orElse("it does not start"));
            }
        }
        return new Kinds(had, versions, leftOut, noEngine);
    }

    /** By a single server: also what unpacks binaries and makes templates before anything is measured. */
    private static String version(ServerSettings settings) {
        Topology one = Topology.named("one").node("vm1").build();
        try (MiniCluster cluster =
                MiniCluster.of(one).name("bench").settings(settings).start()) {
            String version = cluster.version().full();
            if (cluster.servers() == ServerKind.CONTAINER) {
                return version;
            }
            String data = String.valueOf(
                    cluster.node("vm1").query("SHOW data_directory").value());
            return version + ", data on " + Machine.fileSystem(Path.of(data));
        }
    }

    /** What is measured in one kind only is measured in this one: processes if they can be had. */
    Map.Entry<String, ServerSettings> cheapest() {
        return had.entrySet().stream()
                .reduce((first, second) -> second)
                .orElseThrow(() -> new IllegalStateException("expected servers of some kind to be there, but were not: "
                        + leftOut + "; see README.md, \"If it does not work\""));
    }

    static ServerSettings settings(String kind) {
        return settings(Map.of("minicluster.servers", kind));
    }

    /** The system properties with others in their place. */
    static ServerSettings settings(Map<String, String> changed) {
        Properties properties = new Properties();
        System.getProperties()
                .stringPropertyNames()
                .forEach(key -> properties.setProperty(key, System.getProperty(key)));
        changed.forEach(properties::setProperty);
        return ServerSettings.from(properties);
    }
}
