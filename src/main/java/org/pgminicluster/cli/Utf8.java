package org.pgminicluster.cli;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/** Reads text strictly: what is no letter is refused, since a substitute for it would be stored as if it were typed. */
final class Utf8 {

    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private Utf8() {}

    /**
     * The text of a file without its byte order mark.
     *
     * @param line the number of the first line in what is read
     * @throws CommandException if it is not UTF-8, or holds a NUL, which no text in PostgreSQL can
     */
    static String read(String what, byte[] bytes, int line) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        CharBuffer out = CharBuffer.allocate(bytes.length + 1);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(in, out, true);
        if (result.isError()) {
            throw refused(what, bytes, in.position(), line, "is not UTF-8; convert it first, as by iconv -t UTF-8");
        }
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                throw refused(what, bytes, i, line, "is in no text; remove it");
            }
        }
        String text = out.flip().toString();
        return line == 1 && !text.isEmpty() && text.charAt(0) == BYTE_ORDER_MARK ? text.substring(1) : text;
    }

    private static CommandException refused(String what, byte[] bytes, int at, int firstLine, String why) {
        int line = firstLine;
        int start = 0;
        for (int i = 0; i < at; i++) {
            if (bytes[i] == '\n') {
                line++;
                start = i + 1;
            }
        }
        return CommandException.usage(String.format(
                "expected %s to be text in UTF-8, but byte %d of line %d was 0x%02X, which %s",
                what, at - start + 1, line, bytes[at] & 0xFF, why));
    }
}
