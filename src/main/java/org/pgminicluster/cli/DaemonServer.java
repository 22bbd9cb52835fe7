package org.pgminicluster.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes commands on the loopback address from whoever knows the token, each connection on a thread of its own. */
final class DaemonServer implements AutoCloseable {

    /** More than a statement that somebody types; longer ones come by a file, which psql reads. */
    static final int LONGEST_REQUEST = 10_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(DaemonServer.class);

    /** Carries commands out, for one connection. */
    interface Conversation extends AutoCloseable {

        /** Prints the answer, errors too, and returns the exit code. */
        int carryOut(Request request, Terminal terminal);

        @Override
        void close();
    }

    private final ServerSocket socket;
    private final String token;
    private final Supplier<Conversation> conversations;

    private DaemonServer(ServerSocket socket, String token, Supplier<Conversation> conversations) {
        this.socket = socket;
        this.token = token;
        this.conversations = conversations;
    }

    static DaemonServer open(String token, Supplier<Conversation> conversations) {
        try {
            ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            DaemonServer server = new DaemonServer(socket, token, conversations);
            thread("daemon-accept", server::accept);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return socket.getLocalPort();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                thread("daemon-command", () -> converse(client));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LOG.warn("could not take a command", e);
                }
            }
        }
    }

    private static void thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
    }

    private void converse(Socket client) {
        try (client;
                Conversation conversation = conversations.get()) {
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.UTF_8));
            Frames frames = new Frames(client.getOutputStream());
            for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
                Request request = Printer.JSON.readValue(line, Request.class);
                if (!isToken(request.token())) {
                    // Not worth an explanation: no command of ours gets here.
                    return;
                }
                Terminal terminal = Terminal.elsewhere(request, frames.out(), frames.err());
                int exit = conversation.carryOut(request, terminal);
                terminal.out().flush();
                frames.end(exit);
            }
        } catch (JsonProcessingException e) {
            LOG.warn("a command that is none");
        } catch (IOException | UncheckedIOException e) {
            LOG.info("whoever gave a command went away: {}", e.toString());
        }
    }

    /** Compared in constant time. */
    private boolean isToken(String given) {
        return MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    /** An empty text at the end; a stranger cannot fill the memory. */
    private static String readLine(BufferedReader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() >= LONGEST_REQUEST) {
                throw new IOException("a command of more than " + LONGEST_REQUEST + " characters");
            }
            line.append((char) c);
        }
        return line.toString();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
