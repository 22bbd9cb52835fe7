package org.pgminicluster.server.container;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apiguardian.api.API;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerProvider;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.ShutdownHook;

/**
 * Servers in containers of the official {@code postgres} image, or of one that keeps its contract.
 *
 * <p>The first group on a machine makes a template: an image called {@code pg-minicluster-template} with an initialised
 * data directory. The templates stay, as they are what makes the next start fast. Everything else is removed when a
 * group is closed, or kept until this JVM ends: networks, and containers whose server has been killed and begun again
 * with the template's data, so that nobody but the next group is let in. {@code docker rmi $(docker images -q
 * pg-minicluster-template)} removes the templates.
 *
 * <p>Testcontainers finds the engine and starts the containers, so that its own settings apply ({@code DOCKER_HOST},
 * {@code ~/.testcontainers.properties}, {@code TESTCONTAINERS_*}).
 */
@API(status = API.Status.INTERNAL)
public final class ContainerServers implements ServerProvider {

    private final ServerSettings settings;

    public ContainerServers(ServerSettings settings) {
        this.settings = settings;
    }

    /**
     * Why containers cannot be had here, in one sentence; empty if they can. Where no engine answers this takes less
     * than two seconds; where one does, but lacks the image, it takes as long as the pull, and 20 seconds at most.
     */
    public static Optional<String> whyUnavailable(ServerSettings settings) {
        try {
            Engine engine = Engine.connect(EngineProbe.ofThisMachine(), settings);
            BaseImage.require(engine, settings);
            return Optional.empty();
        } catch (Unavailable e) {
            return Optional.of(e.reason());
        }
    }

    /** Whether the image is at the engine already; nothing is pulled. */
    public static boolean hasImage(ServerSettings settings) {
        try {
            return BaseImage.isPresent(Engine.connect(EngineProbe.ofThisMachine(), settings), settings);
        } catch (Unavailable e) {
            return false;
        }
    }

    /** What the names of all containers of a group begin with. */
    public static String nameOf(String group) {
        return Names.readable(group) + "-";
    }

    @Override
    public ServerKind kind() {
        return ServerKind.CONTAINER;
    }

    /** The name of the image. */
    @Override
    public String describe() {
        return BaseImage.nameOf(settings);
    }

    @Override
    public ServerGroup open(String name, Path logDirectory) {
        try {
            Engine engine = Engine.connect(EngineProbe.ofThisMachine(), settings);
            LeftoverContainers.removeOnce(engine.client());
            GroupTemplates templates = new GroupTemplates(engine, settings);
            Files.createDirectories(logDirectory);
            ContainerGroup group = new ContainerGroup(engine, templates, settings, name, logDirectory);
            ShutdownHook.register(group);
            return group;
        } catch (Unavailable e) {
            throw e.asFailure();
        } catch (IOException e) {
            throw new UncheckedIOException("could not make the log directory " + logDirectory, e);
        }
    }
}
