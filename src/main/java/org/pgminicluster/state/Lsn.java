package org.pgminicluster.state;

import java.io.Serializable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * A position in the WAL, in bytes.
 *
 * @see <a href="https://www.postgresql.org/docs/13/datatype-pg-lsn.html">pg_lsn</a>
 */
@API(status = API.Status.MAINTAINED)
public record Lsn(long position) implements Comparable<Lsn>, Serializable {

    private static final Pattern HALVES = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

    /**
     * Reads the form {@code 16/B374D848}.
     *
     * @throws IllegalArgumentException if the text is not of that form
     */
    public static Lsn parse(String text) {
        Matcher halves = HALVES.matcher(text);
        if (!halves.matches()) {
            throw new IllegalArgumentException("expected an LSN to be like 16/B374D848, but was \"" + text + "\"");
        }
        return new Lsn(Long.parseLong(halves.group(1), 16) << 32 | Long.parseLong(halves.group(2), 16));
    }

    /** How many bytes lie between an earlier position and this one; negative if the other is later. */
    public long minus(Lsn earlier) {
        return position - earlier.position;
    }

    @Override
    public int compareTo(Lsn other) {
        return Long.compareUnsigned(position, other.position);
    }

    @Override
    public String toString() {
        return String.format("%X/%X", position >>> 32, position & 0xFFFFFFFFL);
    }
}
