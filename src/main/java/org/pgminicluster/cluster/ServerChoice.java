package org.pgminicluster.cluster;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgminicluster.server.Notice;
import org.pgminicluster.server.ServerProvider;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.container.ContainerServers;
import org.pgminicluster.server.process.ProcessServers;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses what servers run in. Containers are the reference; {@code auto} takes processes where no container can be
 * had, {@code container} never falls back. Which kind and why is said once.
 *
 * @param others what some servers run instead of what the provider describes
 */
record ServerChoice(ServerProvider provider, List<String> others, String why) {

    private static final Logger LOG = LoggerFactory.getLogger(ServerChoice.class);
    private static final AtomicBoolean SAID = new AtomicBoolean();

    /** All servers run the same. */
    static ServerChoice choose(ServerSettings settings) {
        return choose(settings, List.of());
    }

    /** @param others what some servers run instead */
    static ServerChoice choose(ServerSettings settings, List<ServerSettings> others) {
        ServerChoice choice = chosen(settings, others);
        if (SAID.compareAndSet(false, true)) {
            Notice.say(LOG, "servers run as: " + choice);
        }
        return choice;
    }

    private static ServerChoice chosen(ServerSettings settings, List<ServerSettings> others) {
        return switch (settings.kind()) {
            case CONTAINER -> of(settings, others, ContainerServers::new, "asked for");
            case PROCESS -> of(settings, others, ProcessServers::new, "asked for");
            case AUTO -> {
                Optional<String> obstacle = Stream.concat(Stream.of(settings), others.stream())
                        .flatMap(wanted -> ContainerServers.whyUnavailable(wanted).stream())
                        .findFirst();
                yield obstacle.isEmpty()
                        ? of(
                                settings,
                                others,
                                ContainerServers::new,
                                "an engine answers and has the image" + (others.isEmpty() ? "" : "s"))
                        : of(settings, others, ProcessServers::new, "no containers: " + obstacle.get());
            }
        };
    }

    private static ServerChoice of(
            ServerSettings settings,
            List<ServerSettings> others,
            Function<ServerSettings, ServerProvider> kind,
            String why) {
        return new ServerChoice(
                kind.apply(settings),
                others.stream().map(other -> kind.apply(other).describe()).toList(),
                why);
    }

    /** Such as {@code process, PostgreSQL 13.23 (asked for)}. */
    @Override
    public String toString() {
        return provider.kind() + ", "
                + Stream.concat(Stream.of(provider.describe()), others.stream())
                        .distinct()
                        .collect(Collectors.joining(" and "))
                + " (" + why + ")";
    }
}
