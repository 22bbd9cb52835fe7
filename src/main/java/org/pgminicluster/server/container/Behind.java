package org.pgminicluster.server.container;

import java.util.concurrent.ExecutorService;
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

    private int underWay;

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
        INSTANCE.begun();
        INSTANCE.threads.execute(() -> {
            try {
                removal.run();
            } catch (RuntimeException e) {
                LOG.warn("could not remove {}; a later run will", what, e);
            } finally {
                INSTANCE.ended();
            }
        });
    }

    private synchronized void begun() {
        underWay++;
    }

    private synchronized void ended() {
        underWay--;
        notifyAll();
    }

    /** Returns when nothing is to be taken away any more; not cut short by an interrupt, which it keeps. */
    static void await() {
        INSTANCE.close();
    }

    @Override
    public synchronized void close() {
        boolean interrupted = false;
        while (underWay > 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
