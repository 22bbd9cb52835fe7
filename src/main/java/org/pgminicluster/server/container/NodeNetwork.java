package org.pgminicluster.server.container;

import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.PortBinding;
import com.github.dockerjava.api.model.Ports;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.server.ServerSpec;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Network;

/**
 * A network with a {@link NetworkNamespace} for each node on it. An engine takes longer to make all this than to start
 * a server, and no server leaves anything in it: so one is used for one cluster after another.
 */
final class NodeNetwork {

    private static final String GROUP = "network";
    private static final String[] NOTHING_BUT_BE_THERE = {"sleep", "2147483647"};

    private final Engine engine;
    private final String name = Names.unique(GROUP);
    private final Map<String, String> labels = EngineLabels.ofGroup(GROUP);
    private final Network network;
    private final Map<String, NetworkNamespace> namespaces = new ConcurrentHashMap<>();
    private final Set<String> containers = ConcurrentHashMap.newKeySet();
    private final Spares spares;
    private volatile boolean hasFixedPort;

    NodeNetwork(Engine engine) {
        this.engine = engine;
        this.spares = new Spares(engine.client(), name);
        this.network = Network.builder()
                .createNetworkCmdModifier(create -> create.withName(name).withLabels(labels))
                .build();
        // Testcontainers makes it when it is first asked for it.
        network.getId();
    }

    /** Made if missing; not cut short by an interrupt, so that nothing is made that nobody knows. */
    void prepare(List<ServerSpec> nodes, TemplateImage image) {
        List<ServerSpec> missing = nodes.stream()
                .filter(node -> !namespaces.containsKey(node.name()))
                .toList();
        InParallel.toTheEnd(missing, node -> namespaces.put(node.name(), make(node, image)));
    }

    /** Of a node that it was {@linkplain #prepare prepared} for. */
    NetworkNamespace namespace(String node) {
        return Objects.requireNonNull(namespaces.get(node));
    }

    private NetworkNamespace make(ServerSpec node, TemplateImage image) {
        PublishedPort.requireFree(engine, node);
        hasFixedPort |= node.port() != 0;
        Map<String, String> nodeLabels = new HashMap<>(DockerClientFactory.DEFAULT_LABELS);
        nodeLabels.put(DockerClientFactory.TESTCONTAINERS_SESSION_ID_LABEL, DockerClientFactory.SESSION_ID);
        nodeLabels.putAll(labels);
        nodeLabels.put(EngineLabels.NODE, node.name());
        ExposedPort postgres = ExposedPort.tcp(Layout.PORT);
        String id = engine.client()
                .createContainerCmd(image.image())
                .withName(name + "-" + node.name())
                .withLabels(nodeLabels)
                .withAliases(node.name())
                .withEntrypoint(NOTHING_BUT_BE_THERE)
                .withExposedPorts(postgres)
                .withHostConfig(HostConfig.newHostConfig()
                        .withNetworkMode(network.getId())
                        .withTmpFs(image.noVolumes())
                        .withPortBindings(new PortBinding(
                                new Ports.Binding(
                                        engine.publishedOn(), node.port() == 0 ? "" : Integer.toString(node.port())),
                                postgres)))
                .exec()
                .getId();
        containers.add(id);
        try {
            engine.client().startContainerCmd(id).exec();
        } catch (DockerException e) {
            throw EngineError.isPortTaken(e) ? PublishedPort.taken(node) : e;
        }
        int port = ContainerState.of(engine.client(), id)
                .port()
                .orElseThrow(() -> new IllegalStateException("no port was published for " + node.name()));
        return new NetworkNamespace(id, port);
    }

    Spares spares() {
        return spares;
    }

    /** How many more nodes it would have to be made for. */
    int missing(List<ServerSpec> nodes) {
        return (int) nodes.stream()
                .filter(node -> !namespaces.containsKey(node.name()))
                .count();
    }

    /** Whether the next cluster finds in it what the first one found. */
    boolean isAsNew() {
        return !hasFixedPort && containers.size() == namespaces.size() && containers.equals(connected());
    }

    /** All that is on the network, which others may have joined by hand. */
    private Set<String> connected() {
        try {
            return Set.copyOf(engine.client()
                    .inspectNetworkCmd()
                    .withNetworkId(network.getId())
                    .exec()
                    .getContainers()
                    .keySet());
        } catch (DockerException e) {
            return Set.of();
        }
    }

    /** How many nodes it has been made for. */
    int size() {
        return namespaces.size();
    }

    String name() {
        return name;
    }

    void remove() {
        try {
            // First, since they live in the others.
            spares.removeAll();
            InParallel.toTheEnd(List.copyOf(containers), id -> Removal.container(engine.client(), id));
        } finally {
            InParallel.toTheEnd(List.of(network.getId()), id -> Removal.network(engine.client(), id));
        }
    }

    boolean hasFixedPort() {
        return hasFixedPort;
    }

    @Override
    public String toString() {
        return "the network " + name;
    }
}
