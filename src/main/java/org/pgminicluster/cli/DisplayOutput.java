package org.pgminicluster.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Takes UTF-8 and passes on what a terminal can show. No control character gets through, which a terminal might obey:
 * whatever a server, a log or a name holds is written out, as {@code \x1B} is. Where only ASCII is shown, lines and arrows
 * become the nearest of it, every other letter its number, so that nothing is lost. Styles are asked for by letters that
 * no text has, and become what a terminal obeys here.
 */
final class DisplayOutput extends FilterOutputStream {

    private static final Map<Integer, String> NEAREST = Map.ofEntries(
            Map.entry((int) '─', "-"),
            Map.entry((int) '│', "|"),
            Map.entry((int) '┌', "+"),
            Map.entry((int) '┐', "+"),
            Map.entry((int) '└', "+"),
            Map.entry((int) '┘', "+"),
            Map.entry((int) '├', "+"),
            Map.entry((int) '┤', "+"),
            Map.entry((int) '→', "->"),
            Map.entry((int) '←', "<-"),
            Map.entry((int) '…', "..."),
            Map.entry((int) '✓', "ok"),
            Map.entry((int) '✗', "FAILED"),
            Map.entry((int) '•', "*"),
            Map.entry((int) '–', "-"),
            Map.entry((int) '—', "-"),
            Map.entry((int) '«', "\""),
            Map.entry((int) '»', "\""));

    /** Of the noncharacters U+FDD0 to U+FDEF, which Unicode keeps for use within a program. */
    private static final int FIRST_STYLE = 0xFDD0;

    private final boolean utf8;
    private final byte[] buffer = new byte[8192];
    private int filled;
    /** The letter that has begun, and how many bytes of it are to come. */
    private int letter;

    private int missing;

    DisplayOutput(OutputStream target, boolean utf8) {
        super(target);
        this.utf8 = utf8;
    }

    /** What a text can look like; the first is what it looks like by itself. */
    enum Style {
        PLAIN(0),
        BOLD(1),
        DIM(2),
        RED(31),
        GREEN(32),
        YELLOW(33);

        private final int number;

        Style(int number) {
            this.number = number;
        }

        /** That text in this style. */
        String of(String text) {
            return Character.toString(FIRST_STYLE + ordinal()) + text + Character.toString(FIRST_STYLE);
        }
    }

    @Override
    public void write(int b) throws IOException {
        int bits = b & 0xFF;
        if (bits < 0x80) {
            show(bits);
        } else if (bits >= 0xC0) {
            missing = bits >= 0xF0 ? 3 : bits >= 0xE0 ? 2 : 1;
            letter = bits & (0x3F >> missing);
        } else {
            letter = letter << 6 | bits & 0x3F;
            if (--missing == 0) {
                show(letter);
            }
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        for (int i = offset; i < offset + length; i++) {
            write(bytes[i]);
        }
    }

    private void show(int point) throws IOException {
        int style = point - FIRST_STYLE;
        if (point < 0x20 && point != '\n' && point != '\t') {
            put(String.format("\\x%02X", point));
        } else if (point < 0x7F) {
            put(point);
        } else if (point < 0xA0) {
            put(String.format("\\u%04x", point));
        } else if (style >= 0 && style < Style.values().length) {
            put("\u001b[" + Style.values()[style].number + "m");
        } else if (utf8) {
            put(Character.toString(point));
        } else if (NEAREST.containsKey(point)) {
            put(NEAREST.get(point));
        } else {
            for (char unit : Character.toChars(point)) {
                put(String.format("\\u%04x", (int) unit));
            }
        }
    }

    private void put(String text) throws IOException {
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            put(b);
        }
    }

    private void put(int b) throws IOException {
        if (filled == buffer.length) {
            pass();
        }
        buffer[filled++] = (byte) b;
    }

    private void pass() throws IOException {
        int length = filled;
        filled = 0;
        out.write(buffer, 0, length);
    }

    @Override
    public void flush() throws IOException {
        if (filled > 0) {
            pass();
        }
        out.flush();
    }
}
