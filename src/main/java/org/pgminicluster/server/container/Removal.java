package org.pgminicluster.server.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.ConflictException;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Removes what may be gone already, or just being removed by Testcontainers' own clean-up. */
final class Removal {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(20);

    private Removal() {}

    /** After that nothing of the container runs any more. */
    static void kill(DockerClient client, String id) {
        try {
            client.killContainerCmd(id).exec();
        } catch (NotFoundException | ConflictException e) {
            // It does not run.
        }
    }

    /** Kills the container if need be, and removes it and its anonymous volumes. */
    static void container(DockerClient client, String id) {
        try {
            client.removeContainerCmd(id)
                    .withForce(true)
                    .withRemoveVolumes(true)
                    .exec();
        } catch (NotFoundException e) {
            // Gone is what was wanted.
        } catch (ConflictException e) {
            Awaitility.await("the end of the removal of container " + id)
                    .pollInterval(POLL)
                    .atMost(PATIENCE)
                    .until(() -> isGone(client, id));
        }
    }

    private static boolean isGone(DockerClient client, String id) {
        try {
            client.inspectContainerCmd(id).exec();
            return false;
        } catch (NotFoundException e) {
            return true;
        }
    }

    /** Also cuts off containers of others that were connected to the network by hand. */
    static void network(DockerClient client, String id) {
        try {
            client.removeNetworkCmd(id).exec();
        } catch (NotFoundException e) {
            // Gone is what was wanted.
        } catch (DockerException e) {
            disconnectAll(client, id);
            client.removeNetworkCmd(id).exec();
        }
    }

    private static void disconnectAll(DockerClient client, String id) {
        client.inspectNetworkCmd()
                .withNetworkId(id)
                .exec()
                .getContainers()
                .keySet()
                .forEach(container -> client.disconnectFromNetworkCmd()
                        .withNetworkId(id)
                        .withContainerId(container)
                        .withForce(true)
                        .exec());
    }
}
