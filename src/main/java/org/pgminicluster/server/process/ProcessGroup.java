package org.pgminicluster.server.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.ShutdownHook;

/** Servers that share a directory and are closed together. */
final class ProcessGroup implements ServerGroup {

    private final Binaries binaries;
    private final ClientPrograms programs;
    private final DataStock stock;
    private final GroupDirectory directory;
    private final Path logDirectory;
    private final Duration atMost;
    private final List<ProcessServer> servers = new ArrayList<>();

    /** Held while closing, so that a shutdown hook waits for a thread that closes already. */
    private final Object closing = new Object();

    private boolean closed;
    private boolean gone;

    ProcessGroup(
            Binaries binaries,
            ClientPrograms programs,
            DataStock stock,
            GroupDirectory directory,
            Path logDirectory,
            Duration atMost) {
        this.binaries = binaries;
        this.programs = programs;
        this.stock = stock;
        this.directory = directory;
        this.logDirectory = logDirectory;
        this.atMost = atMost;
    }

    @Override
    public List<PgServer> start(List<ServerSpec> specs) {
        List<ProcessServer> added = add(specs);
        try {
            InParallel.map(added, server -> {
                server.create(stock);
                return server;
            });
        } catch (RuntimeException e) {
            try {
                InParallel.toTheEnd(added, ProcessServer::close);
                synchronized (servers) {
                    servers.removeAll(added);
                }
            } catch (RuntimeException suppressed) {
                e.addSuppressed(suppressed);
            }
            throw e;
        }
        return List.copyOf(added);
    }

    @Override
    public void close() {
        List<ProcessServer> last;
        synchronized (servers) {
            closed = true;
            last = List.copyOf(servers);
        }
        synchronized (closing) {
            if (gone) {
                return;
            }
            try {
                InParallel.toTheEnd(last, ProcessServer::close);
            } finally {
                directory.delete();
            }
            gone = true;
            ShutdownHook.unregister(this);
        }
    }

    @Override
    public String toString() {
        return "the servers in " + directory.path();
    }

    /** Before any is started, so that close() knows them all. */
    private List<ProcessServer> add(List<ServerSpec> specs) {
        synchronized (servers) {
            if (closed) {
                throw new MiniClusterException("expected " + this + " to be open, but was closed");
            }
            List<ProcessServer> added = new ArrayList<>();
            for (ServerSpec spec : specs) {
                if (servers.stream().anyMatch(server -> server.name().equals(spec.name()))) {
                    servers.removeAll(added);
                    throw new MiniClusterException(
                            "expected the names of servers to be different, but was " + spec.name() + " twice");
                }
                ProcessServer server = new ProcessServer(
                        spec,
                        binaries,
                        programs,
                        directory.server(spec.name()),
                        logDirectory.resolve(FileNames.of(spec.name()) + ".log"),
                        atMost);
                added.add(server);
                servers.add(server);
            }
            return added;
        }
    }
}
