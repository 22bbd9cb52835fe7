package org.pgminicluster.server.container;

import com.github.dockerjava.api.DockerClient;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.ServerSettings;
import org.testcontainers.DockerClientFactory;

/**
 * The container engine that Testcontainers found.
 *
 * @param host where this JVM reaches the ports that containers publish
 */
record Engine(DockerClient client, String host) {

    private static final Duration CONNECT = Duration.ofSeconds(20);

    /**
     * @throws Unavailable if no engine answers, or Testcontainers cannot work with it
     */
    static Engine connect(EngineProbe probe, ServerSettings settings) throws Unavailable {
        probe.knock();
        Duration patience = settings.scaled(CONNECT);
        try {
            return Attempt.ONLY.result(patience);
        } catch (TimeoutException e) {
            throw new Unavailable(
                    "expected Testcontainers to be ready within " + patience.toSeconds()
                            + " s, but was still starting, probably by pulling a small image of its own",
                    "pull testcontainers/ryuk or set TESTCONTAINERS_RYUK_DISABLED=true (inside a container also"
                            + " TESTCONTAINERS_HOST_OVERRIDE)",
                    e);
        } catch (ExecutionException e) {
            throw new Unavailable(
                    "expected Testcontainers to be able to use the container engine, but was not ("
                            + EngineError.messageOf(e.getCause()) + ")",
                    "see its log",
                    e);
        }
    }

    /**
     * Testcontainers connects once in a JVM, and so do we: whoever comes while it still tries, or after it failed, does
     * not wait all over again.
     */
    private enum Attempt {
        ONLY;

        private final long since = System.nanoTime();
        private final FutureTask<Engine> connection = new FutureTask<>(Engine::connect);

        Attempt() {
            Thread thread = new Thread(connection, "pg-minicluster-engine");
            thread.setDaemon(true);
            thread.start();
        }

        Engine result(Duration patience) throws ExecutionException, TimeoutException {
            long left = patience.toNanos() - (System.nanoTime() - since);
            try {
                return connection.get(Math.max(0, left), TimeUnit.NANOSECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new MiniClusterException("interrupted while the container engine was asked", e);
            }
        }
    }

    private static Engine connect() {
        DockerClientFactory factory = DockerClientFactory.instance();
        DockerClient client = factory.client();
        String host = factory.dockerHostIpAddress();
        // A name might be resolved to ::1, where nothing is published.
        return new Engine(client, isLoopback(host) ? "127.0.0.1" : host);
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    /** Whether ports published on the loopback address can be reached from here. */
    boolean isLocal() {
        return isLoopback(host);
    }

    /** The address that ports are published on: nobody else's business, unless the engine is on another machine. */
    String publishedOn() {
        return isLocal() ? "127.0.0.1" : "0.0.0.0";
    }
}
