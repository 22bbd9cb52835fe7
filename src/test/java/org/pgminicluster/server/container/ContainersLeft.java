package org.pgminicluster.server.container;

import com.github.dockerjava.api.model.Container;
import java.util.List;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/** What of a group is still at the engine. */
public final class ContainersLeft {

    private ContainersLeft() {}

    /** Returns when all has been taken away that was to be, and tells the names of the networks kept for later clusters. */
    public static List<String> settled() {
        NetworkStock.removeSpares();
        Behind.await();
        return NetworkStock.names();
    }

    /** The names of the group's containers and networks. */
    public static List<String> of(String group) {
        Behind.await();
        var client = DockerClientFactory.lazyClient();
        Stream<String> containers = client.listContainersCmd().withShowAll(true).exec().stream()
                .filter(container -> isOf(container, group))
                .map(container -> String.join(" ", container.getNames()));
        Stream<String> networks =
                client.listNetworksCmd().withFilter("label", List.of(EngineLabels.GROUP + "=" + group)).exec().stream()
                        .map(network -> network.getName());
        return Stream.concat(containers, networks).toList();
    }

    /** By its name, since a container that a group took over keeps the labels of the one that it was made for. */
    static boolean isOf(Container container, String group) {
        String name = Names.unique(group);
        String known = name.substring(0, name.lastIndexOf('-') + 1);
        return Stream.of(container.getNames()).anyMatch(given -> given.startsWith("/" + known))
                || group.equals(container.getLabels().get(EngineLabels.GROUP))
                        && Stream.of(container.getNames()).noneMatch(given -> given.startsWith("/pg-minicluster-"));
    }
}
