package org.pgminicluster.server;

/** A role and its password. The password never appears in {@link #toString()}. */
public record Credentials(String user, String password) {

    @Override
    public String toString() {
        return user;
    }
}
