package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.server.Owner;

/** Commands over a real socket, without a cluster behind it. */
class DaemonServerTest {

    private static final String TOKEN = "a-token-that-nobody-guesses";

    @TempDir
    Path directory;

    private DaemonServer server;
    private ClusterDirectory home;

    private static final CountDownLatch LEFT = new CountDownLatch(1);

    /** Says what it was asked, and remembers how often. */
    private static final class Echo implements DaemonServer.Conversation {
        private int count;

        @Override
        public int carryOut(Request request, Terminal terminal) {
            if (request.args().equals(List.of("refuse"))) {
                terminal.err().println("expected a disk to be there, but was not");
                return Exit.INCONCLUSIVE;
            }
            if (request.args().equals(List.of("watch"))) {
                terminal.out().println("begun");
                await().atMost(Duration.ofSeconds(30))
                        .until(() -> terminal.lost().isPresent());
                LEFT.countDown();
            }
            if (request.args().contains("--json")) {
                terminal.json(request.args());
                return Exit.OK;
            }
            terminal.out().println(String.join(" ", request.args()) + " " + ++count);
            return request.args().equals(List.of("twice")) ? count : Exit.OK;
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() {
        server = DaemonServer.open(TOKEN, Echo::new);
        home = new ClusterDirectory(directory.resolve(ClusterDirectory.NAME));
        home.write(state(TOKEN));
    }

    private DaemonState state(String token) {
        return new DaemonState(
                Owner.current().toMap(),
                server.port(),
                token,
                "homework",
                Topologies.HOMEWORK,
                "process",
                "13",
                "13.23",
                "2026-01-01T00:00:00Z",
                List.of("vm1", "vm2"),
                null);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private DaemonClient client(OutputStream out, OutputStream err) {
        Properties properties = new Properties();
        properties.setProperty("minicluster.directory", directory.toString());
        return DaemonClient.connect(
                new Context(new Terminal(out, err, InputStream.nullInputStream(), false, false, 80), properties));
    }

    private static String text(ByteArrayOutputStream bytes) {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void one_command_after_the_other_is_carried_out_over_one_connection() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (DaemonClient client = client(out, System.err)) {
            assertThat(client.send(List.of("say", "ф", "b\n"))).isZero();
            assertThat(client.send(List.of("twice"))).isEqualTo(2);
            assertThat(client.ask(String[].class, "x", "--json", "y")).containsExactly("x", "--json", "y");
        }
        assertThat(text(out)).isEqualTo("say ф b\n 1\ntwice 2\n");
    }

    @Test
    void what_cannot_be_done_is_told_with_its_exit_code() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        try (DaemonClient client = client(System.out, err)) {
            assertThat(client.send(List.of("refuse"))).isEqualTo(Exit.INCONCLUSIVE);
        }
        assertThat(text(err)).isEqualTo("expected a disk to be there, but was not\n");
    }

    @Test
    void a_command_that_is_too_long_is_refused_before_it_is_sent() {
        try (DaemonClient client = client(System.out, System.err)) {
            assertThatThrownBy(() -> client.send(List.of("x".repeat(DaemonServer.LONGEST_REQUEST))))
                    .isInstanceOfSatisfying(
                            CommandException.class, e -> assertThat(e.exit()).isEqualTo(Exit.USAGE))
                    .hasMessageMatching("expected a command to have less than 10000000 characters, but has \\d+; give"
                            + " long statements by a file and -f, which psql reads");
        }
    }

    @Test
    void who_reads_no_further_gets_no_more() {
        OutputStream left = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        try (DaemonClient client = client(left, System.err)) {
            assertThatThrownBy(() -> client.send(List.of("say")))
                    .isInstanceOf(CommandException.class)
                    .hasMessage("");
        }
    }

    @Test
    void who_has_left_is_noticed_though_there_is_nothing_to_tell() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            Request watch = new Request(TOKEN, List.of("watch"), 80, false, false, true);
            socket.getOutputStream()
                    .write((Printer.JSON.writeValueAsString(watch) + "\n").getBytes(StandardCharsets.UTF_8));
            assertThat(socket.getInputStream().readNBytes(11)).endsWith("begun\n".getBytes(StandardCharsets.US_ASCII));
        }

        assertThat(LEFT.await(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void who_does_not_know_the_token_gets_no_answer() {
        home.write(state("another token"));
        try (DaemonClient client = client(System.out, System.err)) {
            assertThatThrownBy(() -> client.send(List.of("say")))
                    .hasMessageStartingWith("expected the daemon to answer to the end, but it broke off");
        }
    }

    @Test
    void what_is_no_command_gets_no_answer_and_does_no_harm() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        one_command_after_the_other_is_carried_out_over_one_connection();
    }

    @Test
    void an_unknown_node_is_not_even_sent() {
        try (DaemonClient client = client(System.out, System.err)) {
            assertThatThrownBy(() -> client.node("vm11"))
                    .hasMessage("expected the node to be a known one, but was \"vm11\"; did you mean vm1?");
        }
    }

    @Test
    void only_the_owner_can_read_the_state() throws Exception {
        home.writePassfile(List.of("127.0.0.1:*:*:postgres:secret"));

        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(
                        java.nio.file.Files.getPosixFilePermissions(home.stateFile())))
                .isEqualTo("rw-------");
        assertThat(java.nio.file.attribute.PosixFilePermissions.toString(
                        java.nio.file.Files.getPosixFilePermissions(home.passfile())))
                .isEqualTo("rw-------");
        assertThat(state(TOKEN)).asString().doesNotContain(TOKEN);
        assertThat(new Request(TOKEN, List.of("say"), 80, false, false, true))
                .asString()
                .doesNotContain(TOKEN);
    }

    @Test
    void a_loop_takes_statements_to_their_semicolon() {
        Cli cli = new Cli(directory);

        Cli.Result result = cli.runWith("SELECT\n1;\n\nBEGIN;\n\\q\nnever;\n", "sql", "vm1", "--no-psql");

        assertThat(result.out()).isEqualTo("query -- vm1 SELECT\n1 1\nquery -- vm1 BEGIN 2\n");
    }

    @Test
    void json_is_the_data_and_nothing_else() {
        assertThat(new Cli(directory).run("sql", "vm1", "--json", "-c", "x"))
                .isEqualTo(new Cli.Result(0, "[\"query\",\"--json\",\"--\",\"vm1\",\"x\"]\n", ""));
    }
}
