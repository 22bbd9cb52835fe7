package org.pgminicluster.server.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.apiguardian.api.API;
import org.pgminicluster.EnvironmentException;

/** Whom the members of one cluster believe who is who. Its key is in this JVM's memory and nowhere else. */
@API(status = API.Status.INTERNAL)
public final class Authority {

    /** The curve that every server and client of the last ten years takes. */
    private static final String CURVE = "secp256r1";

    private static final List<String> ANY_SERVER = List.of("localhost", "127.0.0.1", "::1");

    private final String name;
    private final KeyPair keys;
    private final String certificate;

    private Authority(String name, KeyPair keys, String certificate) {
        this.name = name;
        this.keys = keys;
        this.certificate = certificate;
    }

    /**
     * Makes a new one.
     *
     * @param cluster whose certificates it signs; part of its own name
     * @throws EnvironmentException if this JVM cannot make keys of that kind
     */
    public static Authority of(String cluster) {
        String name = "pg-minicluster " + cluster;
        try {
            KeyPair keys = newKeys();
            byte[] own = new Certificate(name, keys.getPublic(), name, keys.getPublic(), List.of())
                    .signed(keys.getPrivate());
            return new Authority(name, keys, pem("CERTIFICATE", own));
        } catch (GeneralSecurityException e) {
            throw lacking(e);
        }
    }

    /** Its own certificate, in PEM: what {@code sslrootcert} is to hold. */
    public String certificate() {
        return certificate;
    }

    /**
     * Makes a server's keys and a certificate for them.
     *
     * @param server its name, by which others may call it
     * @param hosts by which else it may be called, addresses or names; this machine's own are among them anyway
     */
    public Identity issue(String server, Collection<String> hosts) {
        Set<String> all = new LinkedHashSet<>(List.of(server));
        all.addAll(ANY_SERVER);
        all.addAll(hosts);
        try {
            KeyPair own = newKeys();
            byte[] signed =
                    new Certificate(name, keys.getPublic(), server, own.getPublic(), all).signed(keys.getPrivate());
            return new Identity(pem("CERTIFICATE", signed), pem(own.getPrivate()));
        } catch (GeneralSecurityException e) {
            throw lacking(e);
        }
    }

    private static KeyPair newKeys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(CURVE));
        return generator.generateKeyPair();
    }

    private static String pem(Key key) {
        return pem("PRIVATE KEY", key.getEncoded());
    }

    private static String pem(String type, byte[] content) {
        String lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
                .encodeToString(content);
        return "-----BEGIN " + type + "-----\n" + lines + "\n-----END " + type + "-----\n";
    }

    private static EnvironmentException lacking(GeneralSecurityException cause) {
        return new EnvironmentException(
                "expected this JVM to be able to sign by elliptic curves, but was not (" + cause.getMessage()
                        + "); run on one with the module jdk.crypto.ec",
                cause);
    }

    @Override
    public String toString() {
        return name;
    }
}
