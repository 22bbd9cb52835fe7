package org.pgminicluster.server.container;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.ShutdownHook;

/** The containers of one cluster, on a network that no other cluster uses meanwhile. */
final class ContainerGroup implements ServerGroup {

    private final Engine engine;
    private final TemplateImage template;
    private final ServerSettings settings;
    private final String uniqueName;
    private final Map<String, String> labels;
    private final Path logDirectory;
    private final List<ContainerServer> servers = new CopyOnWriteArrayList<>();
    private @Nullable NodeNetwork network;
    private boolean closed;

    ContainerGroup(Engine engine, TemplateImage template, ServerSettings settings, String name, Path logDirectory) {
        this.engine = engine;
        this.template = template;
        this.settings = settings;
        this.uniqueName = Names.unique(name);
        this.labels = EngineLabels.ofGroup(name);
        this.logDirectory = logDirectory;
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
        if (network == null) {
            network = NetworkStock.take(engine, specs);
        }
        NodeNetwork prepared = network;
        prepared.prepare(specs, template);
        List<ContainerServer> added =
                specs.stream().map(spec -> server(spec, prepared)).toList();
        servers.addAll(added);
        return added;
    }

    private ContainerServer server(ServerSpec spec, NodeNetwork prepared) {
        String name = uniqueName + "-" + spec.name();
        List<String> command = CommandLine.of(spec.settings());
        Place place = new Place(prepared.namespace(spec.name()), prepared.hasFixedPort() ? null : prepared.spares());
        LogFollower follower = new LogFollower(logDirectory.resolve(spec.name() + ".log"));
        Optional<Spare> spare = place.spares().flatMap(spares -> spares.take(spec.name(), command, name));
        PostgresContainer container = spare.map(Spare::container).orElseGet(() -> made(spec, name, command, place));
        ContainerServer server =
                new ContainerServer(engine, spec, container, Optional.of(place), follower, settings.startTimeout());
        spare.ifPresent(server::goOn);
        return server;
    }

    private PostgresContainer made(ServerSpec spec, String name, List<String> command, Place place) {
        Map<String, String> nodeLabels = new HashMap<>(labels);
        nodeLabels.put(EngineLabels.NODE, spec.name());
        return PostgresContainer.ofTemplate(template, name, nodeLabels, command, place.namespace());
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
            giveNetworkBack();
            ShutdownHook.unregister(this);
        }
    }

    private synchronized void giveNetworkBack() {
        if (network != null) {
            // Not cut short by an interrupt.
            InParallel.toTheEnd(List.of(network), NetworkStock::giveBack);
            network = null;
        }
    }
}
