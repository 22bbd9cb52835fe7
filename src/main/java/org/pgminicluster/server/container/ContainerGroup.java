package org.pgminicluster.server.container;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.ShutdownHook;
import org.testcontainers.containers.Network;

/** The containers of one cluster on a network of their own. */
final class ContainerGroup implements ServerGroup {

    private final Engine engine;
    private final TemplateImage template;
    private final ServerSettings settings;
    private final String uniqueName;
    private final Map<String, String> labels;
    private final Path logDirectory;
    private final List<ContainerServer> servers = new CopyOnWriteArrayList<>();
    private final Network network;
    private boolean networkRemoved;
    private boolean closed;

    ContainerGroup(Engine engine, TemplateImage template, ServerSettings settings, String name, Path logDirectory) {
        this.engine = engine;
        this.template = template;
        this.settings = settings;
        this.uniqueName = Names.unique(name);
        this.labels = EngineLabels.ofGroup(name);
        this.logDirectory = logDirectory;
        this.network = Network.builder()
                .createNetworkCmdModifier(create -> create.withName(uniqueName).withLabels(labels))
                .build();
    }

    @Override
    public List<PgServer> start(List<ServerSpec> specs) {
        List<ContainerServer> added = add(specs);
        try {
            InParallel.map(added, server -> {
                server.startFrom(template);
                return server;
            });
        } catch (RuntimeException | Error e) {
            remove(added, e);
            throw e;
        }
        return List.copyOf(added);
    }

    private synchronized List<ContainerServer> add(List<ServerSpec> specs) {
        if (closed) {
            throw new MiniClusterException("expected the group " + uniqueName + " to be open, but was closed");
        }
        List<ContainerServer> added = specs.stream().map(this::server).toList();
        servers.addAll(added);
        return added;
    }

    private ContainerServer server(ServerSpec spec) {
        Map<String, String> nodeLabels = new HashMap<>(labels);
        nodeLabels.put(EngineLabels.NODE, spec.name());
        PostgresContainer container = new PostgresContainer(
                        engine,
                        template.image(),
                        uniqueName + "-" + spec.name(),
                        nodeLabels,
                        CommandLine.of(spec.settings()),
                        spec.port())
                .withNetwork(network)
                .withNetworkAliases(spec.name())
                .withServerOnly();
        LogFollower follower = new LogFollower(logDirectory.resolve(spec.name() + ".log"));
        return new ContainerServer(engine, spec, container, follower, settings.startTimeout());
    }

    private void remove(List<ContainerServer> failed, Throwable failure) {
        try {
            InParallel.toTheEnd(failed, ContainerServer::close);
            servers.removeAll(failed);
        } catch (RuntimeException e) {
            failure.addSuppressed(e);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        try {
            InParallel.toTheEnd(List.copyOf(servers), ContainerServer::close);
        } finally {
            removeNetwork();
            ShutdownHook.unregister(this);
        }
    }

    private synchronized void removeNetwork() {
        if (!networkRemoved) {
            InParallel.toTheEnd(List.of(network.getId()), id -> Removal.network(engine.client(), id));
            networkRemoved = true;
        }
    }
}
