package org.pgminicluster.server.container;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/** What of a group is still at the engine. */
public final class ContainersLeft {

    private ContainersLeft() {}

    /** Returns when all has been taken away that was to be, and tells the names of the networks kept for later clusters. */
    public static List<String> settled() {
        Behind.await();
        return NetworkStock.names();
    }

    /** The names of the group's containers and networks. */
    public static List<String> of(String group) {
        Behind.await();
        var client = DockerClientFactory.lazyClient();
        Stream<String> containers = client
                .listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(Map.of(EngineLabels.GROUP, group))
                .exec()
                .stream()
                .map(container -> String.join(" ", container.getNames()));
        Stream<String> networks =
                client.listNetworksCmd().withFilter("label", List.of(EngineLabels.GROUP + "=" + group)).exec().stream()
                        .map(network -> network.getName());
        return Stream.concat(containers, networks).toList();
    }
}
