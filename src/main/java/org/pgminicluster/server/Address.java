package org.pgminicluster.server;

import org.apiguardian.api.API;

/** Where a server listens. */
@API(status = API.Status.MAINTAINED)
public record Address(String host, int port) {

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
