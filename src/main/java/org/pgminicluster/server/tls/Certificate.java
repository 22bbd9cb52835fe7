package org.pgminicluster.server.tls;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One certificate before it is signed.
 *
 * @param issuer the name of who signs it
 * @param issuerKey by which the signature is checked
 * @param subject the name of whose it is
 * @param subjectKey whose possession it stands for
 * @param hosts names and addresses of the server; none if it is an authority's
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5280#section-4">RFC 5280</a>
 */
record Certificate(String issuer, PublicKey issuerKey, String subject, PublicKey subjectKey, Collection<String> hosts) {

    /** Clocks differ, and a machine may have slept. */
    private static final Duration EARLIER = Duration.ofDays(1);

    private static final Duration VALID = Duration.ofDays(365);

    private static final BigInteger VERSION_3 = BigInteger.TWO;
    private static final int SERIAL_BITS = 127;
    private static final int LONGEST_NAME = 64;
    private static final SecureRandom RANDOM = new SecureRandom();

    private static final byte[] ECDSA_WITH_SHA256 = Der.sequence(Der.oid("1.2.840.10045.4.3.2"));
    private static final byte[] COMMON_NAME = Der.oid("2.5.4.3");
    private static final byte[] BASIC_CONSTRAINTS = Der.oid("2.5.29.19");
    private static final byte[] KEY_USAGE = Der.oid("2.5.29.15");
    private static final byte[] EXTENDED_KEY_USAGE = Der.oid("2.5.29.37");
    private static final byte[] SERVER_AUTHENTICATION = Der.oid("1.3.6.1.5.5.7.3.1");
    private static final byte[] ALTERNATIVE_NAMES = Der.oid("2.5.29.17");
    private static final byte[] SUBJECT_KEY = Der.oid("2.5.29.14");
    private static final byte[] AUTHORITY_KEY = Der.oid("2.5.29.35");

    private static final int EXPLICIT_0 = 0xA0;
    private static final int EXPLICIT_3 = 0xA3;
    private static final int KEY_IDENTIFIER = 0x80;
    private static final int DNS_NAME = 0x82;
    private static final int IP_ADDRESS = 0x87;

    private static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+|.*:.*");

    /** Signs it and returns all of it. */
    byte[] signed(PrivateKey key) throws GeneralSecurityException {
        byte[] content = content(Instant.now());
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update(content);
        return Der.sequence(content, ECDSA_WITH_SHA256, Der.bits(signature.sign()));
    }

    private byte[] content(Instant now) throws GeneralSecurityException {
        return Der.sequence(
                Der.tagged(EXPLICIT_0, Der.integer(VERSION_3)),
                Der.integer(new BigInteger(SERIAL_BITS, RANDOM).add(BigInteger.ONE)),
                ECDSA_WITH_SHA256,
                name(issuer),
                Der.sequence(Der.time(now.minus(EARLIER)), Der.time(now.plus(VALID))),
                name(subject),
                subjectKey.getEncoded(),
                Der.tagged(EXPLICIT_3, Der.sequence(extensions().toArray(byte[][]::new))));
    }

    private static byte[] name(String common) {
        String fitting = common.substring(0, Math.min(common.length(), LONGEST_NAME));
        return Der.sequence(Der.set(Der.sequence(COMMON_NAME, Der.text(fitting))));
    }

    private List<byte[]> extensions() throws GeneralSecurityException {
        boolean authority = hosts.isEmpty();
        List<byte[]> extensions = new ArrayList<>();
        extensions.add(critical(BASIC_CONSTRAINTS, authority ? Der.sequence(Der.yes()) : Der.sequence()));
        // Of an authority to sign certificates, bit 5; of a server to sign what it says at the beginning, bit 0.
        extensions.add(critical(
                KEY_USAGE,
                authority ? Der.bits(new byte[] {0b0000_0100}, 2) : Der.bits(new byte[] {(byte) 0b1000_0000}, 7)));
        extensions.add(extension(SUBJECT_KEY, Der.octets(identifier(subjectKey))));
        if (!authority) {
            extensions.add(extension(AUTHORITY_KEY, Der.sequence(Der.tagged(KEY_IDENTIFIER, identifier(issuerKey)))));
            extensions.add(extension(EXTENDED_KEY_USAGE, Der.sequence(SERVER_AUTHENTICATION)));
            extensions.add(extension(
                    ALTERNATIVE_NAMES,
                    Der.sequence(hosts.stream().map(Certificate::host).toArray(byte[][]::new))));
        }
        return extensions;
    }

    private static byte[] critical(byte[] id, byte[] value) {
        return Der.sequence(id, Der.yes(), Der.octets(value));
    }

    private static byte[] extension(byte[] id, byte[] value) {
        return Der.sequence(id, Der.octets(value));
    }

    /** Whatever tells keys apart; the hash is not there to be safe. */
    private static byte[] identifier(PublicKey key) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-1").digest(key.getEncoded());
    }

    private static byte[] host(String host) {
        if (!ADDRESS.matcher(host).matches()) {
            return Der.tagged(DNS_NAME, host.getBytes(StandardCharsets.US_ASCII));
        }
        try {
            // Nothing is resolved: it is an address already.
            return Der.tagged(IP_ADDRESS, InetAddress.getByName(host).getAddress());
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(host, e);
        }
    }
}
