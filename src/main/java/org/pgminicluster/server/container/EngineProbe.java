package org.pgminicluster.server.container;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.testcontainers.utility.TestcontainersConfiguration;

/**
 * Knocks where Testcontainers would look for an engine. Testcontainers itself takes seconds to find that there is none,
 * and logs a stack trace for each place; besides, where the configured place is dead it goes on to another engine, one
 * that nobody asked for.
 */
final class EngineProbe {

    private static final Duration PATIENCE = Duration.ofMillis(1500);
    private static final URI USUAL = URI.create("unix:///var/run/docker.sock");

    private final List<URI> places;

    EngineProbe(List<URI> places) {
        this.places = List.copyOf(places);
    }

    /** What is configured, and only that; otherwise the usual sockets. */
    static EngineProbe ofThisMachine() {
        TestcontainersConfiguration configuration = TestcontainersConfiguration.getInstance();
        String configured = configuration.getUserProperty("tc.host", null);
        if (configured == null) {
            configured = configuration.getEnvVarOrUserProperty("docker.host", null);
        }
        return new EngineProbe(configured == null ? usualSockets() : List.of(URI.create(configured)));
    }

    private static List<URI> usualSockets() {
        Path home = Path.of(System.getProperty("user.home", "/"));
        List<Path> sockets = new ArrayList<>();
        sockets.add(Path.of(USUAL.getPath()));
        Optional.ofNullable(System.getenv("XDG_RUNTIME_DIR")).ifPresent(it -> sockets.add(Path.of(it, "docker.sock")));
        userId(home).ifPresent(it -> sockets.add(Path.of("/run/user", it, "docker.sock")));
        sockets.add(home.resolve(".docker/run/docker.sock"));
        sockets.add(home.resolve(".docker/desktop/docker.sock"));
        List<URI> existing = sockets.stream()
                .filter(Files::exists)
                .map(socket -> URI.create("unix://" + socket))
                .distinct()
                .toList();
        return existing.isEmpty() ? List.of(USUAL) : existing;
    }

    private static Optional<String> userId(Path home) {
        try {
            return Optional.of(Files.getAttribute(home, "unix:uid").toString());
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /**
     * Returns when something listens at one of the places.
     *
     * @throws Unavailable if nothing does
     */
    void knock() throws Unavailable {
        List<String> failures = new ArrayList<>();
        for (URI place : places) {
            Optional<String> failure = failureAt(place);
            if (failure.isEmpty()) {
                return;
            }
            failures.add(failure.get());
        }
        throw new Unavailable(
                "expected a container engine to be listening at "
                        + places.stream().map(URI::toString).collect(Collectors.joining(" or ")) + ", but was not ("
                        + String.join(", ", failures) + ")",
                "start Docker",
                null);
    }

    private static Optional<String> failureAt(URI place) {
        try {
            return Bounded.call("pg-minicluster-probe", PATIENCE, attempt(place));
        } catch (ExecutionException e) {
            return Optional.of(EngineError.messageOf(e));
        } catch (TimeoutException e) {
            return Optional.of("no answer within " + PATIENCE.toMillis() + " ms");
        }
    }

    private static Callable<Optional<String>> attempt(URI place) {
        return () -> {
            switch (String.valueOf(place.getScheme())) {
                case "unix" ->
                    SocketChannel.open(UnixDomainSocketAddress.of(place.getPath()))
                            .close();
                case "tcp", "http", "https" -> {
                    try (Socket socket = new Socket()) {
                        socket.connect(new InetSocketAddress(place.getHost(), place.getPort()));
                    }
                }
                // A named pipe, for instance: Testcontainers will see.
                default -> {}
            }
            return Optional.empty();
        };
    }
}
