package org.pgminicluster.relay;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Sends back what it gets, and a full stop when the client has said its last. */
final class Echo implements AutoCloseable {

    private final ServerSocket listener;

    Echo() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(() -> {
            while (true) {
                Socket client = listener.accept();
                start(() -> answer(client));
            }
        });
    }

    InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(() -> {
            try {
                work.run();
            } catch (IOException e) {
                // Closed: the test is over, or breaks the connection on purpose.
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    private static void answer(Socket client) throws IOException {
        try (client) {
            client.getInputStream().transferTo(client.getOutputStream());
            client.getOutputStream().write('.');
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
