package org.pgminicluster.server;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/** The version a server reports, such as major 13 of {@code 13.23}. */
@API(status = API.Status.MAINTAINED)
public record PostgresVersion(int major, String full) implements Comparable<PostgresVersion> {

    private static final Pattern NUMBER = Pattern.compile("(\\d+)(?:\\.\\d+|devel|beta\\d+|rc\\d+)*");

    /**
     * Reads what {@code SHOW server_version} or {@code postgres --version} prints.
     *
     * @throws IllegalArgumentException if there is no version number in the text
     */
    public static PostgresVersion parse(String text) {
        Matcher matcher = NUMBER.matcher(text);
        if (!matcher.find()) {
            throw new IllegalArgumentException(
                    "expected a PostgreSQL version to be like 13.23, but was \"" + text + "\"");
        }
        return new PostgresVersion(Integer.parseInt(matcher.group(1)), matcher.group());
    }

    /** Whether this is that major or a later one. */
    public boolean isAtLeast(int otherMajor) {
        return major >= otherMajor;
    }

    @Override
    public int compareTo(PostgresVersion other) {
        return Integer.compare(major, other.major);
    }

    @Override
    public String toString() {
        return full;
    }
}
