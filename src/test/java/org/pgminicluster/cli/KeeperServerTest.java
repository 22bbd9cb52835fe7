package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.server.Owner;

/** Orders over a real socket, without a cluster behind it. */
class KeeperServerTest {

    private static final String TOKEN = "a-token-that-nobody-guesses";

    @TempDir
    Path directory;

    private KeeperServer server;
    private Home home;

    /** Says what it was asked, and remembers how often. */
    private static final class Echo implements KeeperServer.Conversation {
        private int count;

        @Override
        public int carryOut(Request request, Answer answer) {
            switch (request.command()) {
                case "refuse" -> throw new EnvironmentException("expected a disk to be there, but was not");
                case "accident" -> throw new IllegalStateException("an accident");
                default -> {
                    answer.typed(Typed.sql("vm1", "SELECT 1"));
                    answer.line(request.command() + " " + request.args() + " " + ++count);
                    answer.data(request.args());
                }
            }
            return count;
        }

        @Override
        public void close() {}
    }

    @BeforeEach
    void start() {
        server = KeeperServer.open(TOKEN, Echo::new);
        home = new Home(directory.resolve(Home.NAME));
        home.write(state(TOKEN));
    }

    private State state(String token) {
        return new State(
                Owner.current().toMap(),
                server.port(),
                token,
                "homework",
                Topologies.HOMEWORK,
                "process",
                "13",
                "13.23",
                "2026-01-01T00:00:00Z",
                List.of("vm1", "vm2"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void one_order_after_the_other_is_carried_out_over_one_connection() {
        List<Reply> replies = new ArrayList<>();
        try (KeeperClient client = KeeperClient.connect(home)) {
            assertThat(client.send("say", List.of("ф", "b\n"), Map.of(), replies::add))
                    .isEqualTo(1);
            assertThat(client.send("say", List.of(), Map.of(), replies::add)).isEqualTo(2);
            assertThat(client.ask("say", List.of("x", "y"), String[].class)).containsExactly("x", "y");
        }
        assertThat(replies.stream().map(Reply::shown))
                .containsExactly("SELECT 1;", "say [ф, b\n] 1", "", "SELECT 1;", "say [] 2", "");
        assertThat(replies.get(0).node()).isEqualTo("vm1");
    }

    @Test
    void what_cannot_be_done_is_told_with_its_exit_code() {
        try (KeeperClient client = KeeperClient.connect(home)) {
            assertThatThrownBy(() -> client.send("refuse", List.of(), Map.of(), reply -> {}))
                    .isInstanceOfSatisfying(
                            CommandException.class, e -> assertThat(e.exit()).isEqualTo(Exit.INCONCLUSIVE))
                    .hasMessage("expected a disk to be there, but was not");
            assertThatThrownBy(() -> client.send("accident", List.of(), Map.of(), reply -> {}))
                    .isInstanceOfSatisfying(
                            CommandException.class, e -> assertThat(e.exit()).isEqualTo(Exit.FAILED))
                    .hasMessage("an accident");
        }
    }

    @Test
    void who_does_not_know_the_token_gets_no_answer() {
        home.write(state("another token"));
        try (KeeperClient client = KeeperClient.connect(home)) {
            assertThatThrownBy(() -> client.send("say", List.of(), Map.of(), reply -> {}))
                    .hasMessageStartingWith("expected the keeper to answer to the end, but it broke off");
        }
    }

    @Test
    void what_is_no_order_gets_no_answer_and_does_no_harm() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
        one_order_after_the_other_is_carried_out_over_one_connection();
    }

    @Test
    void an_unknown_node_is_not_even_sent() {
        try (KeeperClient client = KeeperClient.connect(home)) {
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
        assertThat(new Request(TOKEN, "say", List.of(), Map.of())).asString().doesNotContain(TOKEN);
    }

    @Test
    void a_loop_takes_statements_to_their_semicolon() {
        Cli cli = new Cli(directory);

        Cli.Result result = cli.runWith("SELECT\n1;\n\nBEGIN;\n\\q\nnever;\n", "sql", "vm1", "--no-psql");

        assertThat(result.out())
                .contains("sql [vm1, SELECT\n1] 1\n")
                .contains("sql [vm1, BEGIN] 2\n")
                .doesNotContain("never");
    }

    @Test
    void json_is_the_data_and_nothing_else() {
        assertThat(new Cli(directory).run("sql", "vm1", "--json", "-c", "x"))
                .isEqualTo(new Cli.Result(1, "[\"vm1\",\"x\"]\n", ""));
    }
}
