package org.pgminicluster.junit;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext.Store.CloseableResource;
import org.pgminicluster.cluster.FreshDatabases;
import org.pgminicluster.topology.Topology;

/** The servers that a class has for its tests: their topology is read once, and they are started once, even if that fails. */
@SuppressWarnings("deprecation") // JUnit before 5.13 closes nothing else that is in a store
final class ServersHolder implements AutoCloseable, CloseableResource {

    private final String name;
    private @Nullable Topology topology;
    private @Nullable FreshDatabases servers;
    private @Nullable RuntimeException failure;

    /** @param name of the directory where they keep their logs */
    ServersHolder(String name) {
        this.name = name;
    }

    synchronized Topology topology(Supplier<Topology> read) {
        Topology known = topology;
        if (known == null) {
            known = read.get();
            topology = known;
        }
        return known;
    }

    synchronized FreshDatabases servers(Function<String, FreshDatabases> start) {
        FreshDatabases running = servers;
        if (running != null) {
            return running;
        }
        if (failure != null) {
            throw failure;
        }
        try {
            running = start.apply(name);
            servers = running;
            return running;
        } catch (RuntimeException e) {
            failure = e;
            throw e;
        }
    }

    @Override
    public synchronized void close() {
        if (servers != null) {
            servers.close();
        }
    }
}
