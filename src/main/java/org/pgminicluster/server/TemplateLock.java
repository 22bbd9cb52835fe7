package org.pgminicluster.server;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apiguardian.api.API;
import org.pgminicluster.EnvironmentException;

/** Lets one thread of one JVM of this user make a template while the others wait for it. */
@API(status = API.Status.INTERNAL)
public final class TemplateLock {

    /** A file lock is held by the whole JVM, so its threads are kept apart by this one. */
    private static final ReentrantLock IN_THIS_JVM = new ReentrantLock();

    private TemplateLock() {}

    /**
     * Runs {@code action} while no other thread or JVM of this user runs one under the same name.
     *
     * @throws EnvironmentException if the cache directory cannot be written
     */
    public static <T> T hold(Path cache, String name, Supplier<T> action) {
        IN_THIS_JVM.lock();
        try {
            Files.createDirectories(cache);
            // Closing the channel releases the lock.
            try (FileChannel channel = FileChannel.open(
                    cache.resolve(name + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                channel.lock();
                return action.get();
            }
        } catch (IOException e) {
            throw new EnvironmentException(
                    "expected the cache directory " + cache + " to be writable, but was not (" + e
                            + "); choose another with -Dminicluster.cache=DIRECTORY",
                    e);
        } finally {
            IN_THIS_JVM.unlock();
        }
    }
}
