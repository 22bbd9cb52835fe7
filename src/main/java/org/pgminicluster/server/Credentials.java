package org.pgminicluster.server;

import org.apiguardian.api.API;

/** A role and its password. The password never appears in {@link #toString()}. */
@API(status = API.Status.MAINTAINED)
public record Credentials(String user, String password) {

    @Override
    public String toString() {
        return user;
    }
}
