package org.pgminicluster.server.tls;

import org.apiguardian.api.API;

/**
 * What a server shows and proves itself by. The key never appears in {@link #toString()}.
 *
 * @param certificate in PEM
 * @param key the private key to it, in PEM
 */
@API(status = API.Status.INTERNAL)
public record Identity(String certificate, String key) {

    @Override
    public String toString() {
        return certificate;
    }
}
