package org.pgminicluster.server.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ports;
import java.util.Optional;

/**
 * What the engine says of a container at this moment.
 *
 * @param port the published port, or empty while nothing is published
 */
record ContainerState(boolean running, boolean paused, Optional<Integer> port) {

    private static final ContainerState GONE = new ContainerState(false, false, Optional.empty());

    static ContainerState of(DockerClient client, String containerId) {
        try {
            InspectContainerResponse response =
                    client.inspectContainerCmd(containerId).exec();
            InspectContainerResponse.ContainerState state = response.getState();
            return new ContainerState(
                    Boolean.TRUE.equals(state.getRunning()), Boolean.TRUE.equals(state.getPaused()), port(response));
        } catch (NotFoundException e) {
            return GONE;
        }
    }

    /** The address of the engine's machine on the container's network; empty while the container does not run. */
    static String gateway(DockerClient client, String containerId) {
        return client.inspectContainerCmd(containerId).exec().getNetworkSettings().getNetworks().values().stream()
                .map(ContainerNetwork::getGateway)
                .filter(gateway -> gateway != null && !gateway.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static Optional<Integer> port(InspectContainerResponse response) {
        Ports.Binding[] bindings =
                response.getNetworkSettings().getPorts().getBindings().get(ExposedPort.tcp(Layout.PORT));
        return bindings == null || bindings.length == 0
                ? Optional.empty()
                : Optional.of(Integer.valueOf(bindings[0].getHostPortSpec()));
    }
}
