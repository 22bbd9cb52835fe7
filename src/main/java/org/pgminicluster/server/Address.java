package org.pgminicluster.server;

import java.nio.file.Path;
import java.util.Optional;
import org.apiguardian.api.API;

/**
 * Where a server listens.
 *
 * @param rootCertificate the file with the certificate of the authority by which the server proves over TLS that it is the
 *     right one; empty if it is spoken to without TLS
 */
@API(status = API.Status.MAINTAINED)
public record Address(String host, int port, Optional<Path> rootCertificate) {

    /** Of a server that is spoken to without TLS. */
    public Address(String host, int port) {
        this(host, port, Optional.empty());
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
