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

/** Takes orders on the loopback address from whoever knows the token, each connection on a thread of its own. */
final class KeeperServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KeeperServer.class);
    private static final int LONGEST_ORDER = 10_000_000;

    /** Carries orders out, for one connection. */
    interface Conversation extends AutoCloseable {

        /** Returns the exit code, or throws with what to tell. */
        int carryOut(Request request, Answer answer);

        @Override
        void close();
    }

    private final ServerSocket socket;
    private final String token;
    private final Supplier<Conversation> conversations;

    private KeeperServer(ServerSocket socket, String token, Supplier<Conversation> conversations) {
        this.socket = socket;
        this.token = token;
        this.conversations = conversations;
    }

    static KeeperServer open(String token, Supplier<Conversation> conversations) {
        try {
            ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
            KeeperServer server = new KeeperServer(socket, token, conversations);
            thread("keeper-accept", server::accept);
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
                thread("keeper-order", () -> converse(client));
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LOG.warn("could not take an order", e);
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
            Answer answer = new Answer(client.getOutputStream());
            for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
                Request request = Answer.JSON.readValue(line, Request.class);
                if (!isToken(request.token())) {
                    // Not worth an explanation: no command of ours gets here.
                    return;
                }
                answer(conversation, request, answer);
            }
        } catch (JsonProcessingException e) {
            LOG.warn("an order that is none");
        } catch (IOException | UncheckedIOException e) {
            LOG.info("whoever gave an order went away: {}", e.toString());
        }
    }

    private static void answer(Conversation conversation, Request request, Answer answer) {
        int exit;
        try {
            exit = conversation.carryOut(request, answer);
        } catch (UncheckedIOException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.info("{} failed", request, e);
            answer.error(e);
            return;
        }
        answer.end(exit);
    }

    /** Compared in constant time. */
    private boolean isToken(String given) {
        return MessageDigest.isEqual(token.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }

    /** An empty text at the end; a stranger cannot fill the memory. */
    private static String readLine(BufferedReader in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            if (line.length() >= LONGEST_ORDER) {
                throw new IOException("an order of more than " + LONGEST_ORDER + " characters");
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
