package org.pgminicluster.server;

import java.util.ArrayList;
import java.util.List;
import org.apiguardian.api.API;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what is still open when the JVM ends, by Ctrl-C for instance: last opened, first closed. */
@API(status = API.Status.INTERNAL)
public final class ShutdownHook {

    private static final Logger LOG = LoggerFactory.getLogger(ShutdownHook.class);
    private static final ShutdownHook INSTANCE = new ShutdownHook();

    private final List<AutoCloseable> open = new ArrayList<>();
    private volatile boolean closing;

    private ShutdownHook() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::closeAll, "pg-minicluster-shutdown"));
    }

    /** Registers before the thing is started, so that half a start is cleaned up too. */
    public static void register(AutoCloseable closeable) {
        synchronized (INSTANCE.open) {
            INSTANCE.open.add(closeable);
        }
    }

    /** To be called by the closeable itself when it is closed. */
    public static void unregister(AutoCloseable closeable) {
        synchronized (INSTANCE.open) {
            INSTANCE.open.removeIf(other -> other == closeable);
        }
    }

    /** Whether the JVM is about to end, so that nothing has to be kept for later. */
    public static boolean isClosing() {
        return INSTANCE.closing;
    }

    private void closeAll() {
        closing = true;
        List<AutoCloseable> left;
        synchronized (open) {
            left = new ArrayList<>(open);
        }
        for (int i = left.size() - 1; i >= 0; i--) {
            try {
                left.get(i).close();
            } catch (Exception e) {
                LOG.warn("could not close {} at shutdown", left.get(i), e);
            }
        }
    }
}
