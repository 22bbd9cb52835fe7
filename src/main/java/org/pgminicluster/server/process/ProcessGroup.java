package org.pgminicluster.server.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.server.PgServer;
import org.pgminicluster.server.ServerGroup;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.ShutdownHook;

/** Servers that share a directory and are closed together. */
final class ProcessGroup implements ServerGroup {

    private final Function<ServerSpec, DataStock> stocks;
    private final ClientPrograms programs;
    private final GroupDirectory directory;
    private final Path logDirectory;
    private final Duration atMost;
    private final List<ProcessServer> servers = new ArrayList<>();

    /** Held while closing, so that a shutdown hook waits for a thread that closes already. */
    private final Object closing = new Object();

    private boolean closed;
    private boolean gone;

    /** @param stocks what each server begins with, and the binaries that it runs */
    ProcessGroup(
            Function<ServerSpec, DataStock> stocks,
            ClientPrograms programs,
            GroupDirectory directory,
            Path logDirectory,
            Duration atMost) {
        this.stocks = stocks;
        this.programs = programs;
        this.directory = directory;
        this.logDirectory = logDirectory;
        this.atMost = atMost;
    }

    @Override
    public List<PgServer> start(List<ServerSpec> specs) {
        // Before anything is made of any server.
        Map<String, DataStock> begin = new HashMap<>();
        specs.forEach(spec -> begin.put(spec.name(), stocks.apply(spec)));
        List<ProcessServer> added = add(specs, begin);
        try {
            InParallel.map(added, server -> {
                server.create(Objects.requireNonNull(begin.get(server.name())));
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
    private List<ProcessServer> add(List<ServerSpec> specs, Map<String, DataStock> begin) {
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
                        Objects.requireNonNull(begin.get(spec.name()))
                                .template()
                                .binaries(),
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
