package org.pgminicluster.cli;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.server.Owner;

/**
 * What other commands must know to find a cluster that is up.
 *
 * @param owner the daemon's JVM, as {@link Owner#toMap()} writes it
 * @param port where the daemon listens on the loopback address
 * @param token who knows it may give it commands
 * @param title the topology's name
 * @param topology which it is
 * @param servers {@code container} or {@code process}
 * @param postgres what was asked for, such as {@code 13}
 * @param version what runs, such as {@code 13.23}
 * @param since when it was started
 * @param nodes the nodes' names
 * @param lesson the lesson that it was made ready for; null if for none, or for the homework
 */
record DaemonState(
        Map<String, String> owner,
        int port,
        String token,
        String title,
        Topologies topology,
        String servers,
        String postgres,
        String version,
        String since,
        List<String> nodes,
        @Nullable String lesson) {

    DaemonState {
        owner = Map.copyOf(owner);
        nodes = List.copyOf(nodes);
    }

    /** Whether the daemon is certainly no more. */
    @JsonIgnore
    boolean isGone() {
        return Owner.fromMap(owner).map(Owner::isGone).orElse(true);
    }

    @JsonIgnore
    long pid() {
        return Owner.fromMap(owner).map(Owner::pid).orElse(0L);
    }

    /** Such as {@code homework: PostgreSQL 13.23, process}. */
    String description() {
        return title + ": PostgreSQL " + version + ", " + servers;
    }

    /** The token is for no eyes. */
    @Override
    public String toString() {
        return description() + ", daemon " + pid();
    }
}
