package org.pgminicluster.server.container;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Phaser;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.pgminicluster.server.ShutdownHook;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away what is dead already behind the back of whoever closed it, since the engine takes its time over that; the
 * JVM does not end before it is done.
 */
final class Behind implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Behind.class);
    private static final Behind INSTANCE = new Behind();

    private final Phaser underWay = new Phaser(1);
    private final ExecutorService threads =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.SECONDS, new SynchronousQueue<>(), runnable -> {
                Thread thread = new Thread(runnable, "pg-minicluster-behind");
                thread.setDaemon(true);
                return thread;
            });

    private Behind() {
        ShutdownHook.register(this);
    }

    /** To be called before anything is made that is to be taken away here: at the end of the JVM, it goes last. */
    static void begin() {
        // The class is loaded by that.
        LOG.trace("{}", INSTANCE);
    }

    /**
     * @param what what is taken away, for the log if that fails
     */
    static void remove(String what, Runnable removal) {
        INSTANCE.underWay.register();
        INSTANCE.threads.execute(() -> {
            try {
                removal.run();
            } catch (RuntimeException e) {
                LOG.warn("could not remove {}; a later run will", what, e);
            } finally {
                INSTANCE.underWay.arriveAndDeregister();
            }
        });
    }

    /** Returns when all is gone that was to be taken away by now. */
    static void await() {
        INSTANCE.close();
    }

    @Override
    public void close() {
        // Not awaitAdvance: who comes later may wait, too.
        underWay.arriveAndAwaitAdvance();
    }
}
