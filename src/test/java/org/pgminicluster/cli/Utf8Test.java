package org.pgminicluster.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8Test {

    @Test
    void text_is_read_as_it_is_but_for_the_byte_order_mark() {
        assertThat(read("\uFEFFпривет 😀\uFEFF\uFFFD\n")).isEqualTo("привет 😀\uFEFF\uFFFD\n");
        assertThat(read("")).isEmpty();
        assertThat(read("\uFEFF")).isEmpty();
    }

    private static String read(String text) {
        return Utf8.read("x.sql", text.getBytes(StandardCharsets.UTF_8), 1);
    }

    @Test
    void what_is_no_text_is_refused_with_its_place() {
        assertRefused(
                new byte[] {'a', '\n', 'b', '\n', 'c', (byte) 0xE9, 'x'},
                "byte 2 of line 3 was 0xE9, which is not UTF-8; convert it first, as by iconv -t UTF-8");
        assertRefused(
                new byte[] {'a', (byte) 0xD0},
                "byte 2 of line 1 was 0xD0, which is not UTF-8; convert it first, as by iconv -t UTF-8");
        assertRefused(
                new byte[] {(byte) 0xFF, (byte) 0xFE, 'a', 0},
                "byte 1 of line 1 was 0xFF, which is not UTF-8; convert it first, as by iconv -t UTF-8");
        assertRefused(new byte[] {'a', 0}, "byte 2 of line 1 was 0x00, which is in no text; remove it");
    }

    private static void assertRefused(byte[] bytes, String why) {
        assertThatThrownBy(() -> Utf8.read("x.sql", bytes, 1))
                .isInstanceOf(CommandException.class)
                .hasMessage("expected x.sql to be text in UTF-8, but " + why);
    }
}
