package org.pgminicluster.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code synchronous_standby_names} says: how many of whom a commit waits for. The names are those by which standbys
 * and subscriptions connect.
 *
 * @param count of how many
 * @param names of whom; {@code *} means anybody
 * @see <a href="https://www.postgresql.org/docs/13/runtime-config-replication.html#GUC-SYNCHRONOUS-STANDBY-NAMES">
 *     synchronous_standby_names</a>
 */
record SynchronousNames(int count, List<String> names) {

    static final String SETTING = "synchronous_standby_names";

    private static final Pattern COUNTED = Pattern.compile(
            "\\s*(?:(?:FIRST|ANY)\\s+)?(\\d+)\\s*\\((.*)\\)\\s*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    private static final Pattern NAME = Pattern.compile("\"((?:[^\"]|\"\")*)\"|([^\\s,\"]+)");

    SynchronousNames {
        names = List.copyOf(names);
    }

    static SynchronousNames parse(String value) {
        Matcher counted = COUNTED.matcher(value);
        boolean hasCount = counted.matches();
        List<String> names = new ArrayList<>();
        Matcher name = NAME.matcher(hasCount ? counted.group(2) : value);
        while (name.find()) {
            names.add(name.group(1) == null ? name.group(2) : name.group(1).replace("\"\"", "\""));
        }
        return new SynchronousNames(hasCount ? Integer.parseInt(counted.group(1)) : 1, names);
    }

    /**
     * Refuses what lets every commit of a node wait for ever.
     *
     * @param followers the names by which those connect that follow the node
     * @throws InvalidTopologyException naming those
     */
    static void check(String node, String value, List<String> followers) {
        if (value.isBlank()) {
            return;
        }
        SynchronousNames wanted = parse(value);
        if (followers.stream().filter(wanted::include).count() < wanted.count) {
            throw InvalidTopologyException.expected(
                    SETTING + " of " + node,
                    "name " + wanted.count
                            + " of the standbys and subscriptions that follow it, since every commit waits"
                            + " for as many",
                    "was \"" + value + "\"",
                    followers.isEmpty() ? "nobody follows it" : "those are " + String.join(", ", followers));
        }
    }

    private boolean include(String follower) {
        return names.stream().anyMatch(name -> name.equals("*") || name.equalsIgnoreCase(follower));
    }
}
