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
import org.apiguardian.api.API;

/**
 * Listens on a port of its own and passes every connection on to another one, slowly. Has one thread that accepts, and
 * four for each connection; all end with {@link #close()}.
 */
@API(status = API.Status.INTERNAL)
public final class Relay implements AutoCloseable {

    private static final int CONNECT_MILLIS = 5000;

    private final ServerSocket listener;
    private final Supplier<InetSocketAddress> upstream;
    private final Slowness slowness;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final Thread acceptor = new Thread(this::accept, "pg-minicluster-relay");

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
            relay.acceptor.setDaemon(true);
            relay.acceptor.start();
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
    private void pass(Socket client) {
        Connection connection = new Connection(client, new Socket());
        connections.removeIf(Connection::isOver);
        // Before it is connected, so that closing the relay ends an attempt, too.
        connections.add(connection);
        try {
            connection.connect(upstream.get());
            connection.start(slowness);
        } catch (IOException | RuntimeException e) {
            connection.close();
        }
        if (listener.isClosed()) {
            connection.close();
        }
    }

    /** Closes every connection and stops listening, both before it returns; harmless when called twice. */
    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            connections.forEach(Connection::close);
        }
        // The system goes on listening until the thread that was in accept() has left it.
        try {
            acceptor.join(CONNECT_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Two sockets that are one connection to those at its ends. */
    private record Connection(Socket client, Socket server) {

        void connect(InetSocketAddress upstream) throws IOException {
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            server.connect(upstream, CONNECT_MILLIS);
        }

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
