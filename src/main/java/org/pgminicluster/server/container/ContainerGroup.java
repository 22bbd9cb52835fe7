package org.pgminicluster.server.container;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final GroupTemplates templates;
    private final ServerSettings settings;
    private final String uniqueName;
    private final Map<String, String> labels;
    private final Path logDirectory;
    private final List<ContainerServer> servers = new CopyOnWriteArrayList<>();
    private @Nullable NodeNetwork network;
    private boolean closed;

    ContainerGroup(Engine engine, GroupTemplates templates, ServerSettings settings, String name, Path logDirectory) {
        this.engine = engine;
        this.templates = templates;
        this.settings = settings;
        this.uniqueName = Names.unique(name);
        this.labels = EngineLabels.ofGroup(name);
        this.logDirectory = logDirectory;
    }

    @Override
    public List<PgServer> start(List<ServerSpec> specs) {
        // Before anything is made of any server.
        specs.forEach(templates::of);
        List<ContainerServer> added = add(specs);
        try {
            return List.copyOf(InParallel.map(added, this::started));
        } catch (RuntimeException | Error e) {
            remove(specs, e);
            throw e;
        }
    }

    /** A container that was used before may end while its next server begins; then the server gets a new one. */
    private ContainerServer started(ContainerServer server) {
        try {
            server.startFrom(templates.of(server.spec()));
            return server;
        } catch (RuntimeException e) {
            if (!server.isOfLostSpare()) {
                throw e;
            }
            server.close();
            ContainerServer other = instead(server);
            other.startFrom(templates.of(other.spec()));
            return other;
        }
    }

    private synchronized ContainerServer instead(ContainerServer lost) {
        requireOpen();
        NodeNetwork prepared = Objects.requireNonNull(network);
        ContainerServer other = server(lost.spec(), uniqueName + "-" + lost.name() + "-again", prepared);
        servers.remove(lost);
        servers.add(other);
        return other;
    }

    private void requireOpen() {
        if (closed) {
            throw new MiniClusterException("expected the group " + uniqueName + " to be open, but was closed");
        }
    }

    private synchronized List<ContainerServer> add(List<ServerSpec> specs) {
        requireOpen();
        if (network == null) {
            network = NetworkStock.take(engine, specs);
        }
        NodeNetwork prepared = network;
        prepared.prepare(specs, templates.usual());
        List<ContainerServer> added = specs.stream()
                .map(spec -> server(spec, uniqueName + "-" + spec.name(), prepared))
                .toList();
        servers.addAll(added);
        return added;
    }

    private ContainerServer server(ServerSpec spec, String name, NodeNetwork prepared) {
        List<String> command = CommandLine.of(spec);
        Place place = new Place(prepared.namespace(spec.name()), prepared.hasFixedPort() ? null : prepared.spares());
        LogFollower follower = new LogFollower(logDirectory.resolve(spec.name() + ".log"));
        TemplateImage template = templates.of(spec);
        Optional<Spare> spare =
                place.spares().flatMap(spares -> spares.take(spec.name(), template.image(), command, name));
        PostgresContainer container =
                spare.map(Spare::container).orElseGet(() -> made(spec, template, name, command, place));
        ContainerServer server =
                new ContainerServer(engine, spec, container, Optional.of(place), follower, settings.startTimeout());
        spare.ifPresent(server::goOn);
        return server;
    }

    private PostgresContainer made(
            ServerSpec spec, TemplateImage template, String name, List<String> command, Place place) {
        Map<String, String> nodeLabels = new HashMap<>(labels);
        nodeLabels.put(EngineLabels.NODE, spec.name());
        return PostgresContainer.ofTemplate(template, name, nodeLabels, command, place.namespace());
    }

    private void remove(List<ServerSpec> specs, Throwable failure) {
        List<ContainerServer> failed =
                servers.stream().filter(server -> specs.contains(server.spec())).toList();
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
