package org.pgminicluster.cluster;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.pgminicluster.server.ServerSettings;
import org.pgminicluster.server.WantedMajor;
import org.pgminicluster.topology.Topology;

/**
 * What each server of a topology is to run: what the topology says of it, and what the settings say of all others.
 *
 * @param settings of those others; if there are none, they name what the first server runs
 */
record WantedServers(Topology topology, ServerSettings settings) {

    static WantedServers of(Topology topology, ServerSettings settings) {
        List<Optional<String>> said =
                topology.names().stream().map(topology::postgresOf).toList();
        // What nobody runs need not be there.
        return new WantedServers(
                topology,
                said.stream().allMatch(Optional::isPresent)
                        ? settings.withPostgres(said.get(0).orElseThrow())
                        : settings);
    }

    /** What the topology says of one, if that is not what the settings say anyway. */
    Optional<String> own(String server) {
        return topology.postgresOf(server).filter(postgres -> !postgres.equals(settings.postgres()));
    }

    /** The settings with what some run instead. */
    List<ServerSettings> others() {
        return topology.names().stream()
                .flatMap(server -> own(server).stream())
                .distinct()
                .map(settings::withPostgres)
                .toList();
    }

    /** The major that is wanted of one; empty if an image's name does not tell. */
    OptionalInt major(String server) {
        return WantedMajor.of(own(server).orElse(settings.postgres()));
    }

    /** Refuses what a topology asks for and its versions have not; what images run is not known before they do. */
    void check() {
        boolean known = topology.names().stream()
                .map(server -> own(server).orElse(settings.postgres()))
                .allMatch(WantedMajor::isTag);
        if (known && topology.names().stream().noneMatch(server -> major(server).isEmpty())) {
            topology.requireSupportedBy(server -> major(server).orElseThrow());
        }
    }
}
