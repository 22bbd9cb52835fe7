package org.pgminicluster.server.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.command.WaitContainerResultCallback;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.ContainerNetwork;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.Ports;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;

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
    private static String gateway(DockerClient client, String containerId) {
        return client.inspectContainerCmd(containerId).exec().getNetworkSettings().getNetworks().values().stream()
                .map(ContainerNetwork::getGateway)
                .filter(gateway -> gateway != null && !gateway.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** The same, if the engine's machine is this one. */
    static String gatewayHere(DockerClient client, String containerId, String node) throws IOException {
        String gateway = gateway(client, containerId);
        if (!gateway.isEmpty() && NetworkInterface.getByInetAddress(InetAddress.getByName(gateway)) != null) {
            return gateway;
        }
        throw new EnvironmentException(
                "expected the gateway of the network of " + node + " to be an address of this machine, but was \""
                        + gateway
                        + "\", so nothing in this JVM can be reached from the container; run with -Dminicluster.servers=process");
    }

    private static Optional<Integer> port(InspectContainerResponse response) {
        Ports.Binding[] bindings =
                response.getNetworkSettings().getPorts().getBindings().get(ExposedPort.tcp(Layout.PORT));
        return bindings == null || bindings.length == 0
                ? Optional.empty()
                : Optional.of(Integer.valueOf(bindings[0].getHostPortSpec()));
    }

    /** Waits for the end of a container; false if it does not come in time. */
    static boolean awaitEnd(DockerClient client, String id, String node, Duration atMost) {
        try {
            return client.waitContainerCmd(id)
                    .exec(new WaitContainerResultCallback())
                    .awaitCompletion(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new MiniClusterException("interrupted while " + node + " was stopped", e);
        }
    }
}
