package org.pgminicluster.cli.wire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The client's side of SCRAM-SHA-256, by which neither side tells the other the password.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sasl-authentication.html">SASL Authentication</a>
 */
final class Scram {

    static final String MECHANISM = "SCRAM-SHA-256";

    private static final String NO_CHANNEL_BINDING = "n,,";
    private static final int NONCE_BYTES = 18;
    private static final int KEY_BITS = 256;

    private final String password;
    private final String nonce;
    private String serverSignature = "";

    /** @param password of ASCII alone, which the other one's preparation leaves as it is */
    Scram(String password) {
        this.password = password;
        byte[] random = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(random);
        this.nonce = Base64.getEncoder().encodeToString(random);
    }

    String first() {
        return NO_CHANNEL_BINDING + "n=,r=" + nonce;
    }

    /** The answer to the server's first message, which proves that the password is known. */
    String last(String serverFirst) throws IOException {
        Map<String, String> said = read(serverFirst);
        String both = said.getOrDefault("r", "");
        if (!both.startsWith(nonce) || both.length() == nonce.length()) {
            throw new IOException("the server does not answer the login that was begun");
        }
        try {
            PBEKeySpec spec = new PBEKeySpec(
                    password.toCharArray(),
                    Base64.getDecoder().decode(said.getOrDefault("s", "")),
                    Integer.parseInt(said.getOrDefault("i", "")),
                    KEY_BITS);
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
            String withoutProof =
                    "c=" + Base64.getEncoder().encodeToString(NO_CHANNEL_BINDING.getBytes(StandardCharsets.US_ASCII))
                            + ",r=" + both;
            String all = "n=,r=" + nonce + "," + serverFirst + "," + withoutProof;
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] proof = hmac(MessageDigest.getInstance("SHA-256").digest(clientKey), all);
            for (int i = 0; i < proof.length; i++) {
                proof[i] ^= clientKey[i];
            }
            serverSignature = Base64.getEncoder().encodeToString(hmac(hmac(salted, "Server Key"), all));
            return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IOException("the server asks for a login that cannot be answered: " + e, e);
        }
    }

    /** @throws IOException if the server does not know the password either */
    void requireServer(String serverLast) throws IOException {
        if (!serverSignature.equals(read(serverLast).get("v"))) {
            throw new IOException("the server does not prove that it knows the password");
        }
    }

    private static Map<String, String> read(String message) {
        Function<String, String> value = attribute -> attribute.substring(2);
        return Arrays.stream(message.split(","))
                .filter(attribute -> attribute.length() >= 2)
                .collect(Collectors.toMap(attribute -> attribute.substring(0, 1), value, (first, second) -> first));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }
}
