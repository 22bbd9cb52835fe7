package org.pgminicluster.server.tls;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/**
 * As much of the distinguished encoding rules as a certificate takes: a tag, a length, a content.
 *
 * @see <a href="https://www.itu.int/rec/T-REC-X.690">X.690</a>
 */
final class Der {

    private static final int BOOLEAN = 0x01;
    private static final int INTEGER = 0x02;
    private static final int BIT_STRING = 0x03;
    private static final int OCTET_STRING = 0x04;
    private static final int OBJECT_IDENTIFIER = 0x06;
    private static final int UTF8_STRING = 0x0C;
    private static final int UTC_TIME = 0x17;
    private static final int GENERALIZED_TIME = 0x18;
    private static final int SEQUENCE = 0x30;
    private static final int SET = 0x31;

    private static final int SHORT_LENGTHS = 0x80;
    private static final int BITS = 7;

    /** The first year that the shorter form cannot say. */
    private static final int LATE = 2050;

    private static final DateTimeFormatter SHORT = DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'");
    private static final DateTimeFormatter LONG = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'");

    private Der() {}

    static byte[] sequence(byte[]... parts) {
        return tagged(SEQUENCE, parts);
    }

    static byte[] set(byte[]... parts) {
        return tagged(SET, parts);
    }

    static byte[] yes() {
        return tagged(BOOLEAN, new byte[] {(byte) 0xFF});
    }

    static byte[] integer(BigInteger value) {
        return tagged(INTEGER, value.toByteArray());
    }

    static byte[] octets(byte[] content) {
        return tagged(OCTET_STRING, content);
    }

    static byte[] text(String text) {
        return tagged(UTF8_STRING, text.getBytes(StandardCharsets.UTF_8));
    }

    /** Of whole bytes. */
    static byte[] bits(byte[] content) {
        return bits(content, 0);
    }

    /** @param unused how many of the last byte's bits, from the lowest, are none */
    static byte[] bits(byte[] content, int unused) {
        return tagged(BIT_STRING, new byte[] {(byte) unused}, content);
    }

    /** By its numbers with dots between them, the first two of which share a byte. */
    static byte[] oid(String dotted) {
        int[] numbers =
                Arrays.stream(dotted.split("\\.")).mapToInt(Integer::parseInt).toArray();
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.write(40 * numbers[0] + numbers[1]);
        Arrays.stream(numbers).skip(2).forEach(number -> writeBase128(content, number));
        return tagged(OBJECT_IDENTIFIER, content.toByteArray());
    }

    private static void writeBase128(ByteArrayOutputStream content, int number) {
        int groups = Math.max(1, (Integer.SIZE - Integer.numberOfLeadingZeros(number) + BITS - 1) / BITS);
        for (int group = groups - 1; group >= 0; group--) {
            int more = group > 0 ? SHORT_LENGTHS : 0;
            content.write(more | (number >> (group * BITS)) & (SHORT_LENGTHS - 1));
        }
    }

    static byte[] time(Instant instant) {
        OffsetDateTime utc = instant.atOffset(ZoneOffset.UTC);
        boolean late = utc.getYear() >= LATE;
        return tagged(
                late ? GENERALIZED_TIME : UTC_TIME,
                (late ? LONG : SHORT).format(utc).getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] tagged(int tag, byte[]... parts) {
        int length = Arrays.stream(parts).mapToInt(part -> part.length).sum();
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.write(tag);
        if (length < SHORT_LENGTHS) {
            all.write(length);
        } else {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int from = digits[0] == 0 ? 1 : 0;
            all.write(SHORT_LENGTHS | digits.length - from);
            all.write(digits, from, digits.length - from);
        }
        for (byte[] part : parts) {
            all.write(part, 0, part.length);
        }
        return all.toByteArray();
    }
}
