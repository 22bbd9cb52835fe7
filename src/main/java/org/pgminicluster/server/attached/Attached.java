package org.pgminicluster.server.attached;

import java.nio.file.Path;
import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.Credentials;

/**
 * A server that runs already: where it is and how one logs in.
 *
 * <pre>{@code
 * Attached.at("10.0.0.1", 5432).user("postgres").password(System.getenv("VM1_PASSWORD")).reachedBy("10.1.0.1", 5432)
 * }</pre>
 *
 * <p>It cannot be changed: each method returns another one. Passwords are in no {@link #toString()}, journal, report or error.
 */
@API(status = API.Status.EXPERIMENTAL)
public final class Attached {

    private static final String SUPERUSER = "postgres";

    private final Address address;
    private final Credentials login;
    private final @Nullable Address peer;
    private final @Nullable Credentials replication;

    private Attached(Address address, Credentials login, @Nullable Address peer, @Nullable Credentials replication) {
        this.address = address;
        this.login = login;
        this.peer = peer;
        this.replication = replication;
    }

    /** Where this JVM reaches it; until more is said it logs in as {@code postgres}, and other nodes reach it there, too. */
    public static Attached at(String host, int port) {
        return new Attached(new Address(host, port), new Credentials(SUPERUSER, ""), null, null);
    }

    /** The role by which this JVM logs in. */
    public Attached user(String role) {
        return new Attached(address, new Credentials(role, login.password()), peer, replication);
    }

    /** Its password; without one the password file of whoever runs this JVM is asked, as libpq does it. */
    public Attached password(String password) {
        return new Attached(address, new Credentials(login.user(), password), peer, replication);
    }

    /** Where the other nodes reach it, if that is not where this JVM does. */
    public Attached reachedBy(String host, int port) {
        return new Attached(address, login, new Address(host, port), replication);
    }

    /**
     * The role by which other nodes subscribe here, where none can or shall be made for each of them, as with a managed
     * service: it must have {@code LOGIN} and {@code REPLICATION} there.
     */
    public Attached replication(String role, String password) {
        return new Attached(address, login, peer, new Credentials(role, password));
    }

    /**
     * Lets this JVM speak TLS to it, and believe it only if its certificate is for that host and signed by this authority.
     *
     * @param rootCertificate the file of the authority's certificate
     */
    public Attached tls(Path rootCertificate) {
        return new Attached(
                new Address(address.host(), address.port(), Optional.of(rootCertificate)), login, peer, replication);
    }

    Address address() {
        return address;
    }

    Credentials login() {
        return login;
    }

    Address peer() {
        return peer == null ? address : peer;
    }

    Optional<Credentials> replication() {
        return Optional.ofNullable(replication);
    }

    /** Where it is and by whom it is entered, without passwords. */
    @Override
    public String toString() {
        return login.user() + " at " + address + (peer == null ? "" : ", reached by " + peer);
    }
}
