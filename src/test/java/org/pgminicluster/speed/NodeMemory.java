package org.pgminicluster.speed;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.MemoryStatsConfig;
import com.github.dockerjava.api.model.Statistics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.server.Owner;
import org.pgminicluster.server.ServerKind;
import org.testcontainers.DockerClientFactory;

/** How much memory each node of this JVM's clusters takes, in MiB. */
final class NodeMemory {

    private static final long MIB = 1024 * 1024;

    private NodeMemory() {}

    static Map<String, Long> of(MiniCluster cluster) {
        return cluster.servers() == ServerKind.CONTAINER ? ofContainers() : ofProcesses();
    }

    /** As {@code docker stats} shows it: without files that are cached and not in use. */
    private static Map<String, Long> ofContainers() {
        DockerClient engine = DockerClientFactory.instance().client();
        Map<String, Long> memory = new TreeMap<>();
        for (Container container : engine.listContainersCmd()
                .withLabelFilter(Owner.current().toMap())
                .exec()) {
            MemoryStatsConfig stats = statistics(engine, container.getId()).getMemoryStats();
            long cached = Optional.ofNullable(stats.getStats())
                    .map(details -> Optional.ofNullable(details.getTotalInactiveFile())
                            .or(() -> Optional.ofNullable(details.getInactiveFile()))
                            .orElse(0L))
                    .orElse(0L);
            memory.put(Arrays.toString(container.getNames()), (stats.getUsage() - cached) / MIB);
        }
        return memory;
    }

    private static Statistics statistics(DockerClient engine, String container) {
        CompletableFuture<Statistics> answer = new CompletableFuture<>();
        engine.statsCmd(container).withNoStream(true).exec(new ResultCallback.Adapter<Statistics>() {
            @Override
            public void onNext(Statistics statistics) {
                answer.complete(statistics);
            }
        });
        return answer.orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** The proportional set size of a postmaster and its children: what they share counts once. */
    private static Map<String, Long> ofProcesses() {
        Map<String, Long> memory = new TreeMap<>();
        ProcessHandle.current()
                .descendants()
                .filter(NodeMemory::isPostgres)
                .filter(process ->
                        process.parent().filter(NodeMemory::isPostgres).isEmpty())
                .forEach(postmaster -> memory.put(
                        "postmaster " + postmaster.pid(),
                        Stream.concat(Stream.of(postmaster), postmaster.descendants())
                                        .mapToLong(NodeMemory::proportionalKib)
                                        .sum()
                                / 1024));
        return memory;
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .filter(command -> Path.of(command).getFileName().toString().equals("postgres"))
                .isPresent();
    }

    private static long proportionalKib(ProcessHandle process) {
        try (Stream<String> lines = Files.lines(Path.of("/proc/" + process.pid() + "/smaps_rollup"))) {
            return lines.filter(line -> line.startsWith("Pss:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
