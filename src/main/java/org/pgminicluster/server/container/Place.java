package org.pgminicluster.server.container;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the container of a node is.
 *
 * @param kept takes the container when its cluster is closed; null if nobody does
 */
record Place(NetworkNamespace namespace, @Nullable Spares kept) {

    String id() {
        return namespace.id();
    }

    int port() {
        return namespace.port();
    }

    Optional<Spares> spares() {
        return Optional.ofNullable(kept);
    }
}
