package org.pgminicluster.server.container;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.DockerException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.server.InParallel;
import org.pgminicluster.server.ServerSpec;
import org.pgminicluster.server.ShutdownHook;

/** Those that stand ready on a network, by node. */
final class Spares {

    /** In this JVM; each takes 20 MB. */
    private static final int MOST = 16;

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final DockerClient client;
    private final String name;
    private final Map<String, Spare> byNode = new ConcurrentHashMap<>();

    /**
     * @param name what their names begin with
     */
    Spares(DockerClient client, String name) {
        this.client = client;
        this.name = name;
    }

    /** Whether another one is wanted. */
    boolean hasRoom() {
        return COUNT.get() < MOST && !ShutdownHook.isClosing();
    }

    void keep(String node, Spare spare) {
        rename(spare, name + "-" + node + "-spare");
        COUNT.incrementAndGet();
        byNode.put(node, spare);
    }

    /** As far as their commands tell. */
    int standReadyFor(List<ServerSpec> nodes) {
        return (int) nodes.stream()
                .filter(node -> {
                    Spare spare = byNode.get(node.name());
                    return spare != null && spare.serves(CommandLine.of(node));
                })
                .count();
    }

    /** The node's, if it was started from this image and like this, and lives; another one makes room. */
    Optional<Spare> take(String node, String image, List<String> command, String newName) {
        Spare spare = removed(node);
        if (spare == null) {
            return Optional.empty();
        }
        if (spare.serves(image, command) && rename(spare, newName)) {
            return Optional.of(spare);
        }
        Removal.kill(client, spare.id());
        Behind.remove("a spare container of " + node, () -> Removal.container(client, spare.id()));
        return Optional.empty();
    }

    private boolean rename(Spare spare, String newName) {
        try {
            client.renameContainerCmd(spare.id()).withName(newName).exec();
            return true;
        } catch (DockerException e) {
            return false;
        }
    }

    void removeAll() {
        InParallel.toTheEnd(List.copyOf(byNode.keySet()), node -> {
            Spare spare = removed(node);
            if (spare != null) {
                Removal.container(client, spare.id());
            }
        });
    }

    /** Whoever gets it is the only one who has it. */
    private @Nullable Spare removed(String node) {
        Spare spare = byNode.remove(node);
        if (spare != null) {
            COUNT.decrementAndGet();
        }
        return spare;
    }
}
