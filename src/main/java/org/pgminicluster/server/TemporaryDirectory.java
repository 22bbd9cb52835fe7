package org.pgminicluster.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apiguardian.api.API;

/**
 * Where processes have their data unless {@code minicluster.tmp} says so: in memory where there is enough of it, since
 * a start writes 40 MB for each server that nobody needs to find again, and on the disk otherwise.
 */
@API(status = API.Status.INTERNAL)
public final class TemporaryDirectory {

    private static final long GIB = 1L << 30;

    /** A dozen servers and their WAL. */
    private static final long ROOM = 2 * GIB;

    /** The same, and what the servers and this JVM take themselves. */
    private static final long MEMORY = 4 * GIB;

    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final List<Path> LIMITS =
            List.of(Path.of("/sys/fs/cgroup/memory.max"), Path.of("/sys/fs/cgroup/memory/memory.limit_in_bytes"));

    private static final Map<Path, Path> CHOSEN = new ConcurrentHashMap<>();

    private TemporaryDirectory() {}

    /** The one that this JVM takes. */
    static Path choose(Properties properties) {
        Path onDisk = onDisk(properties);
        // Once: how much memory is free changes all the time.
        return CHOSEN.computeIfAbsent(
                onDisk,
                any -> Files.isDirectory(SHARED_MEMORY)
                                && room(SHARED_MEMORY) >= ROOM
                                && memory() >= MEMORY
                                && isInMemory(SHARED_MEMORY)
                        ? own(SHARED_MEMORY, properties)
                        : onDisk);
    }

    /** All that this user's runs may have taken. */
    public static List<Path> all() {
        Properties properties = System.getProperties();
        return List.of(own(SHARED_MEMORY, properties), onDisk(properties));
    }

    /** The one that is taken where there is too little memory. */
    public static Path onDisk() {
        return onDisk(System.getProperties());
    }

    /** Whether what is written there stays in memory. */
    public static boolean isInMemory(Path directory) {
        Path there = Files.exists(directory) ? directory : directory.getParent();
        try {
            return there != null
                    && Files.isWritable(there)
                    && Files.getFileStore(there).type().equals("tmpfs");
        } catch (IOException e) {
            return false;
        }
    }

    private static Path onDisk(Properties properties) {
        return own(Path.of(properties.getProperty("java.io.tmpdir", "/tmp")), properties);
    }

    private static Path own(Path directory, Properties properties) {
        return directory.resolve("pg-minicluster-" + properties.getProperty("user.name", "user"));
    }

    private static long room(Path directory) {
        try {
            return Files.getFileStore(directory).getUsableSpace();
        } catch (IOException e) {
            return 0;
        }
    }

    /** What may still be taken: of this machine, or of the container that this JVM runs in. */
    private static long memory() {
        long least = available(lines(Path.of("/proc/meminfo")));
        for (Path limit : LIMITS) {
            least = Math.min(least, limit(lines(limit)));
        }
        return least;
    }

    /** In bytes, of the lines of {@code /proc/meminfo}; 0 if it does not say. */
    static long available(List<String> lines) {
        return lines.stream()
                .map(line -> line.toLowerCase(Locale.ROOT).split("[:\\s]+"))
                .filter(words -> words.length > 1 && words[0].equals("memavailable") && words[1].matches("\\d{1,15}"))
                .mapToLong(words -> Long.parseLong(words[1]) * 1024)
                .findFirst()
                .orElse(0);
    }

    /** In bytes; the most there is if there is none. */
    static long limit(List<String> lines) {
        return lines.stream()
                .filter(line -> line.matches("\\d{1,18}"))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElse(Long.MAX_VALUE);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
