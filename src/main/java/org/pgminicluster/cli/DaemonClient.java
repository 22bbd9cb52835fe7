package org.pgminicluster.cli;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The way from other commands to the daemon: a connection over which one command after the other can be given. */
final class DaemonClient implements AutoCloseable {

    private static final int CONNECT_MILLIS = 3_000;

    private final DaemonState state;
    private final Terminal terminal;
    private final Socket socket;
    private final DataInputStream in;
    private final Writer out;

    private DaemonClient(DaemonState state, Terminal terminal, Socket socket) throws IOException {
        this.state = state;
        this.terminal = terminal;
        this.socket = socket;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = new OutputStreamWriter(socket.getOutputStream(), StandardCharsets.UTF_8);
    }

    /**
     * Connects to the daemon of the cluster that is up.
     *
     * @throws CommandException in one sentence if there is none, or it has died
     */
    static DaemonClient connect(Context context) {
        DaemonState state = context.directory().state().orElseThrow(DaemonClient::nothingUp);
        if (state.isGone()) {
            throw died(state);
        }
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), state.port()), CONNECT_MILLIS);
            return new DaemonClient(state, context.terminal(), socket);
        } catch (IOException e) {
            closeQuietly(socket);
            throw died(state);
        }
    }

    private static CommandException nothingUp() {
        return CommandException.inconclusive(
                "expected a cluster to be up, but was none; start one with minicluster up");
    }

    private static CommandException died(DaemonState state) {
        return CommandException.inconclusive("expected the daemon of the cluster to be running, but process "
                + state.pid() + " is gone; remove what it left with minicluster down, then minicluster up");
    }

    DaemonState state() {
        return state;
    }

    /** The full name of a node, or a usage error with the nearest ones. */
    String node(String typed) {
        if (!state.nodes().contains(typed)) {
            throw Nearest.unknown("the node", typed, state.nodes());
        }
        return typed;
    }

    /** Has a command carried out, prints the answer as it comes, and returns the exit code. */
    int send(List<String> args) {
        return send(args, terminal.fit());
    }

    /** The answer of a command that prints one value for programs. */
    <T> T ask(Class<T> type, String... args) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        int exit = send(List.of(args), answer);
        if (exit != Exit.OK) {
            throw CommandException.told(exit);
        }
        try {
            return Printer.JSON.readValue(answer.toByteArray(), type);
        } catch (IOException e) {
            throw new IllegalStateException("an answer to " + String.join(" ", args) + " that cannot be read", e);
        }
    }

    private int send(List<String> args, OutputStream answer) {
        try {
            String request = Printer.JSON.writeValueAsString(terminal.request(state.token(), args));
            if (request.length() >= DaemonServer.LONGEST_REQUEST) {
                throw CommandException.usage("expected a command to have less than " + DaemonServer.LONGEST_REQUEST
                        + " characters, but has " + request.length() + "; give long statements by a file and -f, which"
                        + " psql reads");
            }
            out.write(request + "\n");
            out.flush();
            terminal.out().flush();
            return Frames.pass(
                    in, answer, terminal.fitError(), () -> terminal.lost().isEmpty());
        } catch (IOException e) {
            if (terminal.lost().isPresent()) {
                throw CommandException.unread();
            }
            throw CommandException.inconclusive("expected the daemon to answer to the end, but it broke off"
                    + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")") + "; see minicluster status");
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
