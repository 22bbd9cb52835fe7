package org.pgminicluster.cluster;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
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
 */
record ServerChoice(ServerProvider provider, String why) {

    private static final Logger LOG = LoggerFactory.getLogger(ServerChoice.class);
    private static final AtomicBoolean SAID = new AtomicBoolean();

    static ServerChoice choose(ServerSettings settings) {
        ServerChoice choice = chosen(settings);
        if (SAID.compareAndSet(false, true)) {
            Notice.say(LOG, "servers run as: " + choice);
        }
        return choice;
    }

    private static ServerChoice chosen(ServerSettings settings) {
        return switch (settings.kind()) {
            case CONTAINER -> new ServerChoice(new ContainerServers(settings), "asked for");
            case PROCESS -> new ServerChoice(new ProcessServers(settings), "asked for");
            case AUTO -> {
                Optional<String> obstacle = ContainerServers.whyUnavailable(settings);
                yield obstacle.isEmpty()
                        ? new ServerChoice(new ContainerServers(settings), "an engine answers and has the image")
                        : new ServerChoice(new ProcessServers(settings), "no containers: " + obstacle.get());
            }
        };
    }

    /** Such as {@code process, PostgreSQL 13.23 (asked for)}. */
    @Override
    public String toString() {
        return provider.kind() + ", " + provider.describe() + " (" + why + ")";
    }
}
