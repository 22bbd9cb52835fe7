package org.pgminicluster.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Takes UTF-8 and passes on what any terminal can show: lines and arrows as the nearest ASCII, every other character by
 * its number, so that nothing is lost.
 */
final class AsciiOutput extends OutputStream {

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

    private final OutputStream target;
    private final ByteArrayOutputStream pending = new ByteArrayOutputStream();

    AsciiOutput(OutputStream target) {
        this.target = target;
    }

    static String ascii(String text) {
        StringBuilder plain = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (point < 128) {
                plain.append((char) point);
            } else if (NEAREST.containsKey(point)) {
                plain.append(NEAREST.get(point));
            } else {
                for (char unit : Character.toChars(point)) {
                    plain.append(String.format("\\u%04x", (int) unit));
                }
            }
        });
        return plain.toString();
    }

    @Override
    public synchronized void write(int b) {
        pending.write(b);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) {
        pending.write(bytes, offset, length);
    }

    /** A print stream flushes after whole characters. */
    @Override
    public synchronized void flush() throws IOException {
        target.write(ascii(pending.toString(StandardCharsets.UTF_8)).getBytes(StandardCharsets.US_ASCII));
        pending.reset();
        target.flush();
    }

    @Override
    public synchronized void close() throws IOException {
        flush();
        target.close();
    }
}
