package org.pgminicluster.server.container;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.Connections;
import org.pgminicluster.server.ServerSpec;

/**
 * Makes a server end, and its container begin another one. By the server itself, since a command by the engine takes
 * longer than all the rest.
 */
final class StartOver {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String COMMAND = "COPY (SELECT) TO PROGRAM 'kill -s USR1 1; sleep 60'";

    private StartOver() {}

    /** Whether the server is gone, and the container kept for the node's next one. */
    static boolean of(
            Optional<Place> place,
            PostgresContainer container,
            String id,
            LogFollower follower,
            Address server,
            ServerSpec spec) {
        Optional<Spares> spares = place.flatMap(Place::spares).filter(Spares::hasRoom);
        if (spares.isEmpty()) {
            return false;
        }
        ContainerOutput output = follower.startOver(() -> order(server, spec));
        if (output == null) {
            return false;
        }
        spares.get().keep(spec.name(), new Spare(container, id, List.of(container.getCommandParts()), output));
        return true;
    }

    /** @return whether it was told, as far as can be known: a server that was killed does not answer */
    private static boolean order(Address server, ServerSpec spec) {
        try (Connection connection = Connections.open(
                        server, spec.database(), spec.superuser(), "pg-minicluster close", PATIENCE, PATIENCE);
                Statement statement = connection.createStatement()) {
            try {
                statement.execute(COMMAND);
                return false;
            } catch (SQLException e) {
                return e.getSQLState() != null && e.getSQLState().startsWith("08");
            }
        } catch (SQLException e) {
            return false;
        }
    }
}
