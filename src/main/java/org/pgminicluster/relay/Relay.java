package org.pgminicluster.relay;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;

/**
 * Listens on a port of its own and passes every connection on to another one, slowly. Has one thread that accepts, and
 * four for each connection; all end with {@link #close()}.
 */
public final class Relay implements AutoCloseable {

    private static final int CONNECT_MILLIS = 5000;

    private final ServerSocket listener;
    private final Supplier<InetSocketAddress> upstream;
    private final Slowness slowness;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();

    private Relay(ServerSocket listener, Supplier<InetSocketAddress> upstream, Slowness slowness) {
        this.listener = listener;
        this.upstream = upstream;
        this.slowness = slowness;
    }

    /**
     * Listens on a free port of an address of this machine.
     *
     * @param upstream asked at every connection, since a server may have moved
     * @throws UncheckedIOException if nothing can listen there
     */
    public static Relay open(InetAddress address, Supplier<InetSocketAddress> upstream, Slowness slowness) {
        try {
            ServerSocket listener = new ServerSocket();
            listener.bind(new InetSocketAddress(address, 0));
            Relay relay = new Relay(listener, upstream, slowness);
            Thread acceptor = new Thread(relay::accept, "pg-minicluster-relay");
            acceptor.setDaemon(true);
            acceptor.start();
            return relay;
        } catch (IOException e) {
            throw new UncheckedIOException("nothing can listen on " + address, e);
        }
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return (InetSocketAddress) listener.getLocalSocketAddress();
    }

    /** How many connections pass through it now. */
    public int connections() {
        connections.removeIf(Connection::isOver);
        return connections.size();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                pass(listener.accept());
            } catch (IOException e) {
                // The listener was closed, or the client is gone already; the loop tells which.
            }
        }
    }

    /** Whoever cannot be passed on is closed, as if there were nobody. */
    private void pass(Socket client) throws IOException {
        Socket server = new Socket();
        try {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(upstream.get(), CONNECT_MILLIS);
        } catch (IOException | RuntimeException e) {
            client.close();
            server.close();
            return;
        }
        Connection connection = new Connection(client, server);
        connections.removeIf(Connection::isOver);
        connections.add(connection);
        connection.start(slowness);
        if (listener.isClosed()) {
            connection.close();
        }
    }

    /** Closes every connection and stops listening; harmless when called twice. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            connections.forEach(Connection::close);
        }
    }

    /** Two sockets that are one connection to those at its ends. */
    private record Connection(Socket client, Socket server) {

        void start(Slowness slowness) {
            new Pipe(client, server, slowness, this::close).start();
            new Pipe(server, client, slowness, this::close).start();
        }

        boolean isOver() {
            return client.isClosed() && server.isClosed();
        }

        void close() {
            try (Socket first = client;
                    Socket second = server) {
                // Closing is all.
            } catch (IOException e) {
                // Both were tried, and nobody reads from either any more.
            }
        }
    }
}
