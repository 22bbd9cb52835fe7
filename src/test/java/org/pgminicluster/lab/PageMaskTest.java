package org.pgminicluster.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two runs, and two kinds of servers, give the same page. */
class PageMaskTest {

    private final PageMask mask = new PageMask();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "associated LSN 0/20222F0 | associated LSN <LSN>",
                "slot \"test_sub_16392_sync_16384\" | slot \"test_sub_<oid>_sync_<oid>\"",
                "slot \"pg_16392_sync_16384_7412345678901234567\" | slot \"pg_<oid>_sync_<oid>\"",
                "origin \"pg_16398\" during | origin \"pg_<oid>\" during",
                "WAL segment 000000010000000000000003 has | WAL segment <segment> has",
                "is active for PID 4711 | is active for PID <pid>",
                "older than 494 to end. | older than <xid> to end.",
                "no entry for host \"172.18.0.3\", user \"u\" | no entry for host \"<address>\", user \"u\"",
                "host=vm1 port=5432 dbname=rep passfile=/a/b c=d | host=vm1 port=5432 dbname=rep c=d",
                "host=127.0.0.1 port=15355 dbname=rep | host=publisher port=5432 dbname=rep",
                "Key (id)=(1) already exists. | Key (id)=(1) already exists.",
            })
    void what_differs_is_replaced_and_nothing_else(String text, String masked) {
        assertThat(mask.mask(text)).isEqualTo(masked);
    }

    @Test
    void client_libraries_of_any_age_say_the_same() {
        String old = "could not connect to server: Connection refused\n\tIs the server running on host \"127.0.0.1\""
                + " and accepting\n\tTCP/IP connections on port 1?";
        String newer =
                "connection to server at \"127.0.0.1\", port 1 failed: Connection refused\n\tIs the server running"
                        + " on that host and accepting TCP/IP connections?";

        assertThat(mask.mask(old)).isEqualTo("Connection refused");
        assertThat(mask.mask(newer)).isEqualTo("Connection refused");
        assertThat(mask.mask("connection to server at \"vm1\" (172.18.0.2), port 5432 failed: FATAL:  no"))
                .isEqualTo("FATAL:  no");
    }

    @Test
    void a_publisher_that_is_gone_is_gone_whatever_its_name_resolves_to() {
        String refused =
                "DETAIL:  The error was: could not connect to server: Connection refused\n\tIs it?\nHINT:  Use x.";
        String unknown = "DETAIL:  The error was: could not translate host name \"vm1\"\nHINT:  Use x.";

        assertThat(mask.mask(refused))
                .isEqualTo("DETAIL:  The error was: <words of the client library>\nHINT:  Use x.")
                .isEqualTo(mask.mask(unknown));
    }
}
