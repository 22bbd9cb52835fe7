package org.pgminicluster.server.container;

import com.github.dockerjava.api.DockerClient;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.server.Owner;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes the containers and networks of runs that were killed before they could do it themselves. */
final class LeftoverContainers {

    private static final Logger LOG = LoggerFactory.getLogger(LeftoverContainers.class);
    private static final AtomicBoolean REMOVED_BY_THIS_JVM = new AtomicBoolean();

    private LeftoverContainers() {}

    static void removeOnce(DockerClient client) {
        if (REMOVED_BY_THIS_JVM.compareAndSet(false, true)) {
            remove(client);
        }
    }

    static void remove(DockerClient client) {
        List<String> containers =
                client
                        .listContainersCmd()
                        .withShowAll(true)
                        .withLabelFilter(List.of(EngineLabels.GROUP))
                        .exec()
                        .stream()
                        .filter(container -> isLeft(container.getLabels()))
                        .map(container -> container.getId())
                        .toList();
        InParallel.map(containers, id -> removed(id, () -> Removal.container(client, id)));
        List<String> networks =
                client.listNetworksCmd().withFilter("label", List.of(EngineLabels.GROUP)).exec().stream()
                        .filter(network -> isLeft(network.getLabels()))
                        .map(network -> network.getId())
                        .toList();
        InParallel.map(networks, id -> removed(id, () -> Removal.network(client, id)));
    }

    private static boolean isLeft(Map<String, String> labels) {
        return labels != null && Owner.fromMap(labels).map(Owner::isGone).orElse(false);
    }

    /** Another run may be at it too: what cannot be removed now does not keep this run from starting. */
    private static boolean removed(String id, Runnable removal) {
        try {
            removal.run();
            LOG.info("removed {}, left behind by a run that was killed", id);
            return true;
        } catch (RuntimeException e) {
            LOG.warn("could not remove {}, left behind by a run that was killed", id, e);
            return false;
        }
    }
}
