package org.pgminicluster.script;

import java.io.Reader;
import org.apiguardian.api.API;

/**
 * Reads a part of a text without another copy of it. What one read returns can be encoded by itself: it never ends between
 * the two halves of a character beyond U+FFFF.
 */
@API(status = API.Status.INTERNAL)
public final class TextReader extends Reader {

    private final String text;
    private final int end;
    private int at;

    public TextReader(String text) {
        this(text, 0, text.length());
    }

    public TextReader(String text, int start, int end) {
        this.text = text;
        this.at = start;
        this.end = end;
    }

    @Override
    public int read(char[] buffer, int offset, int length) {
        if (at >= end) {
            return -1;
        }
        int to = Math.min(end, at + length);
        if (to < end && to - at > 1 && Character.isHighSurrogate(text.charAt(to - 1))) {
            to--;
        }
        text.getChars(at, to, buffer, offset);
        int read = to - at;
        at = to;
        return read;
    }

    @Override
    public void close() {
        // There is nothing to give back.
    }
}
