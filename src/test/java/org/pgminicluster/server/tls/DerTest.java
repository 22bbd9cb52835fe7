package org.pgminicluster.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encodings that are told in X.690 and RFC 5280, byte by byte. */
class DerTest {

    @ParameterizedTest
    @CsvSource({
        "1.2.840.113549, 06062a864886f70d",
        "2.5.29.17, 0603551d11",
        "1.2.840.10045.4.3.2, 06082a8648ce3d040302",
        "1.3.0.127.128, 06052b007f8100"
    })
    void an_object_identifier(String dotted, String bytes) {
        assertThat(hex(Der.oid(dotted))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @CsvSource({"0, 0400", "127, 047f", "128, 048180", "255, 0481ff", "256, 04820100", "65536, 0483010000"})
    void a_length(int length, String bytes) {
        assertThat(hex(Der.octets(new byte[length]))).isEqualTo(bytes + "00".repeat(length));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-30T12:34:56Z, 170d3236313133303132333435365a",
        "2049-12-31T23:59:59Z, 170d3439313233313233353935395a",
        "2050-01-01T00:00:00Z, 180f32303530303130313030303030305a"
    })
    void a_time_has_two_digits_for_the_year_before_2050_and_four_from_then_on(String time, String bytes) {
        assertThat(hex(Der.time(Instant.parse(time)))).isEqualTo(bytes);
    }

    @Test
    void a_number_has_a_sign() {
        assertThat(hex(Der.integer(BigInteger.valueOf(128)))).isEqualTo("02020080");
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
