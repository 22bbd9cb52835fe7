package org.pgminicluster.cli.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The values of a row while they come from a server: whatever their size, no more of one is held than is asked for. */
public final class RowValues {

    private static final int SHORT = 8192;

    private final SqlConnection.Message message;
    private final int columns;
    private int next;
    private int left;

    RowValues(SqlConnection.Message message) throws IOException {
        this.message = message;
        this.columns = message.small();
    }

    public boolean hasNext() {
        return next < columns;
    }

    /** The next value as text; null for NULL. */
    public @Nullable Reader next() throws IOException {
        message.skipNBytes(left);
        next++;
        int length = message.number();
        left = Math.max(0, length);
        if (length < 0) {
            return null;
        }
        if (length <= SHORT) {
            return new StringReader(new String(new Bounded().readAllBytes(), StandardCharsets.UTF_8));
        }
        return new InputStreamReader(new Bounded(), StandardCharsets.UTF_8);
    }

    private final class Bounded extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = message.read(bytes, offset, Math.min(length, left));
            left -= Math.max(0, read);
            return read;
        }
    }
}
