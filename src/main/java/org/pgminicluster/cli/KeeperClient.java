package org.pgminicluster.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The other commands' way to the keeper: a connection over which one order after the other can be given. */
final class KeeperClient implements AutoCloseable {

    private static final int CONNECT_MILLIS = 3_000;

    private final State state;
    private final Socket socket;
    private final BufferedReader in;
    private final Writer out;

    private KeeperClient(State state, Socket socket) throws IOException {
        this.state = state;
        this.socket = socket;
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
        this.out = new java.io.OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8);
    }

    /**
     * Connects to the keeper of the cluster that is up.
     *
     * @throws CommandException in one sentence if there is none, or it has died
     */
    static KeeperClient connect(Home home) {
        State state = home.state().orElseThrow(KeeperClient::nothingUp);
        if (state.isKeeperGone()) {
            throw died(state);
        }
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), state.port()), CONNECT_MILLIS);
            return new KeeperClient(state, socket);
        } catch (IOException e) {
            closeQuietly(socket);
            throw died(state);
        }
    }

    static CommandException nothingUp() {
        return CommandException.inconclusive(
                "expected a cluster to be up, but was none; start one with minicluster up");
    }

    static CommandException died(State state) {
        return CommandException.inconclusive("expected the keeper of the cluster to be running, but process "
                + state.keeperPid() + " is gone; remove what it left with minicluster down, then minicluster up");
    }

    State state() {
        return state;
    }

    /** The full name of a node, or a usage error with the nearest ones. */
    String node(String typed) {
        if (!state.nodes().contains(typed)) {
            throw Nearest.unknown("the node", typed, state.nodes());
        }
        return typed;
    }

    /**
     * Gives an order and passes each part of the answer on as it comes.
     *
     * @return the exit code
     * @throws CommandException with what the keeper says if it cannot be done
     */
    int send(String command, List<String> args, Map<String, String> options, Consumer<Reply> parts) {
        try {
            out.write(Answer.JSON.writeValueAsString(new Request(state.token(), command, args, options)) + "\n");
            out.flush();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                Reply reply = Answer.JSON.readValue(line, Reply.class);
                switch (reply.kind()) {
                    case END -> {
                        return reply.exit();
                    }
                    case ERROR -> throw new CommandException(reply.exit(), reply.shown());
                    default -> parts.accept(reply);
                }
            }
        } catch (IOException e) {
            throw ended(e);
        }
        throw ended(null);
    }

    private static CommandException ended(@Nullable IOException e) {
        return CommandException.inconclusive("expected the keeper to answer to the end, but it broke off"
                + (e == null ? "" : " (" + e.getMessage() + ")") + "; see minicluster status");
    }

    /** The one answer for programs to an order that has one. */
    <T> T ask(String command, List<String> args, Class<T> type) {
        List<JsonNode> data = new ArrayList<>();
        send(command, args, Map.of(), reply -> {
            if (reply.kind() == Reply.Kind.DATA && reply.data() != null) {
                data.add(reply.data());
            }
        });
        try {
            return Answer.JSON.treeToValue(data.get(0), type);
        } catch (IOException e) {
            throw new IllegalStateException("an answer to " + command + " that cannot be read", e);
        }
    }

    @Override
    public void close() {
        closeQuietly(socket);
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // There is nothing left to give back.
        }
    }
}
