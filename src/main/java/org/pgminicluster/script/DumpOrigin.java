package org.pgminicluster.script;

import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apiguardian.api.API;

/**
 * The major that a script was dumped for, as its first lines say.
 *
 * @param major the newer of the server's and of pg_dump's; 0 if it is no dump
 */
@API(status = API.Status.INTERNAL)
public record DumpOrigin(int major) {

    private static final int HEAD = 4096;
    private static final Pattern VERSION =
            Pattern.compile("(?m)^-- Dumped (?:from database|by pg_dump) version (\\d+)");
    private static final Pattern SET = Pattern.compile("SET (\\w+) = '?(\\w+)'?");

    /** What pg_dump writes at the top whatever the server is, with the first major that knows it. */
    private static final Map<String, Integer> SINCE =
            Map.of("transaction_timeout = 0", 17, "default_table_access_method = heap", 12);

    public static DumpOrigin of(String script) {
        Matcher version = VERSION.matcher(script.substring(0, Math.min(HEAD, script.length())));
        OptionalInt newest = version.results()
                .mapToInt(found -> Integer.parseInt(found.group(1)))
                .max();
        return new DumpOrigin(newest.orElse(0));
    }

    /** Whether a statement sets what a server of this major has not, to what it does anyway. */
    public static boolean saysNothingTo(int serverMajor, String statement) {
        Matcher set = SET.matcher(statement);
        return set.matches() && SINCE.getOrDefault(set.group(1) + " = " + set.group(2), 0) > serverMajor;
    }

    /** What to do about a statement that a server of this major has refused; empty if that is not the reason. */
    public String advice(int serverMajor) {
        return major <= serverMajor
                ? ""
                : "The script is a dump for PostgreSQL " + major + ", and the server is " + serverMajor
                        + ": take this out of it, or run with -Dminicluster.postgres=" + major + ".";
    }
}
