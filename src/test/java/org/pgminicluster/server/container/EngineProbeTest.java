package org.pgminicluster.server.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.server.ServerSettings;

class EngineProbeTest {

    @Test
    void an_engine_is_where_something_listens(@TempDir Path directory) throws Exception {
        Path socket = directory.resolve("docker.sock");
        try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocketChannel unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            unix.bind(UnixDomainSocketAddress.of(socket));
            URI tcpPlace = URI.create("tcp://127.0.0.1:" + tcp.getLocalPort());

            assertThatCode(() -> new EngineProbe(List.of(tcpPlace)).knock()).doesNotThrowAnyException();
            assertThatCode(() -> new EngineProbe(List.of(nowhere(directory), URI.create("unix://" + socket))).knock())
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void that_there_is_none_is_one_sentence(@TempDir Path directory) throws Exception {
        URI closed = URI.create("tcp://127.0.0.1:" + freePort());

        assertThatThrownBy(() -> new EngineProbe(List.of(closed, nowhere(directory))).knock())
                .isInstanceOf(Unavailable.class)
                .hasMessage("expected a container engine to be listening at " + closed + " or " + nowhere(directory)
                        + ", but was not (Connection refused, No such file or directory)");
    }

    @Test
    void who_asked_for_containers_is_told_what_to_do(@TempDir Path directory) {
        assertThatThrownBy(() -> {
                    try {
                        new EngineProbe(List.of(nowhere(directory))).knock();
                    } catch (Unavailable e) {
                        throw e.asFailure();
                    }
                })
                .hasMessage("expected a container engine to be listening at " + nowhere(directory)
                        + ", but was not (No such file or directory); start Docker, or take local processes instead"
                        + " with -Dminicluster.servers=process");
    }

    /**
     * It would look for one for 5 s, log what it tried, and have a longer answer. A JVM of its own, as the environment
     * and Testcontainers' findings are the whole JVM's.
     */
    @Test
    void without_an_engine_testcontainers_is_not_even_asked(@TempDir Path directory) throws Exception {
        Path output = directory.resolve("output");
        ProcessBuilder child = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Question.class.getName());
        child.environment().put("DOCKER_HOST", "tcp://127.0.0.1:" + freePort());
        Process process =
                child.redirectErrorStream(true).redirectOutput(output.toFile()).start();

        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();

        assertThat(Files.readAllLines(output))
                .singleElement()
                .asString()
                .startsWith("expected a container engine to be listening at tcp://127.0.0.1:")
                .endsWith(", but was not (Connection refused)");
    }

    static final class Question {
        private Question() {}

        public static void main(String[] arguments) {
            System.out.println(ContainerServers.whyUnavailable(ServerSettings.fromSystemProperties())
                    .orElse("none"));
        }
    }

    private static URI nowhere(Path directory) {
        return URI.create("unix://" + directory.resolve("nowhere.sock"));
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
