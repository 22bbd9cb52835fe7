package org.pgminicluster.server.container;

import java.util.List;

/**
 * A container whose server has ended with its cluster and begins again, as the template has it, for the next cluster: an
 * engine takes longer to make a container and to remove it than this takes.
 *
 * @param command what the server was started with
 * @param output what the new server says
 */
record Spare(PostgresContainer container, String id, List<String> command, ContainerOutput output) {

    boolean serves(List<String> wanted) {
        return command.equals(wanted) && output.isFlowing();
    }

    /** @param image of the template that it is to begin with */
    boolean serves(String image, List<String> wanted) {
        return container.image().equals(image) && serves(wanted);
    }
}
