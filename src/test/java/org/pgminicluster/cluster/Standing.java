package org.pgminicluster.cluster;

import com.github.dockerjava.api.DockerClient;
import com.sun.management.UnixOperatingSystemMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pgminicluster.server.Owner;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.container.ContainersLeft;
import org.pgminicluster.server.process.ProcessesLeft;
import org.testcontainers.DockerClientFactory;

/**
 * What this JVM has made and not taken away, on this machine and at the container engine.
 *
 * @param things containers, networks, volumes, processes, directories, threads
 * @param files how many files and sockets are open, or 0 where the system does not tell
 */
record Standing(Set<String> things, long files) {

    /**
     * Connections to a container engine are kept and used again, as many as four clusters need at once, and the JVM opens
     * files of its own. One for each of two dozen clusters is more.
     */
    private static final int SPARE_FILES = 20;

    /** Threads of pools that the JDK and Testcontainers keep for all, and that end when they have been idle. */
    private static final List<String> POOLS = List.of(
            "process reaper",
            "ForkJoinPool",
            "Common-Cleaner",
            "CompletableFutureDelayScheduler",
            "Attach Listener",
            "ducttape",
            "testcontainers",
            "Timer-",
            "PostgreSQL-JDBC-",
            "Keep-Alive",
            "idle-");

    static Standing now() {
        Set<String> things = new HashSet<>();
        ServerSettings settings = ServerSettings.fromSystemProperties();
        if (MiniCluster.serverKind(settings) == ServerKind.CONTAINER) {
            List<String> kept = ContainersLeft.settled();
            things.addAll(atEngine(DockerClientFactory.instance().client()));
            things.removeIf(thing -> kept.stream().anyMatch(thing::contains));
        } else {
            ProcessesLeft.settle();
            things.addAll(directories(settings.temporary()));
        }
        ProcessHandle.current()
                .descendants()
                .forEach(process -> things.add("process " + process.pid() + " "
                        + process.info().command().orElse("")));
        Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> POOLS.stream().noneMatch(thread.getName()::contains))
                .forEach(thread -> things.add("thread " + thread.getId() + " " + thread.getName()));
        return new Standing(Set.copyOf(things), openFiles());
    }

    /** What was not there before, one thing a line. */
    List<String> beyond(Standing before) {
        List<String> beyond = things.stream()
                .filter(thing -> !before.things.contains(thing))
                .sorted()
                .collect(Collectors.toCollection(ArrayList::new));
        if (files > before.files + SPARE_FILES) {
            beyond.add(files + " open files, " + before.files + " before");
        }
        return beyond;
    }

    private static List<String> atEngine(DockerClient engine) {
        Map<String, String> mine = Owner.current().toMap();
        List<String> labels = mine.entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .toList();
        List<String> things = new ArrayList<>();
        engine.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(mine)
                .exec()
                .forEach(container -> things.add("container " + Arrays.toString(container.getNames())));
        engine.listNetworksCmd()
                .withFilter("label", labels)
                .exec()
                .forEach(network -> things.add("network " + network.getName()));
        // A volume that an image asks for has no label; of a container that is there it is no leak.
        engine.listVolumesCmd()
                .withDanglingFilter(true)
                .exec()
                .getVolumes()
                .forEach(volume -> things.add("volume " + volume.getName()));
        return things;
    }

    private static List<String> directories(Path temporary) {
        String own = "run-" + ProcessHandle.current().pid() + "-";
        try (Stream<Path> all = Files.exists(temporary) ? Files.list(temporary) : Stream.empty()) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(own))
                    .map(name -> "directory " + name)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getOpenFileDescriptorCount()
                : 0;
    }
}
