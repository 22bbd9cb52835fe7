package org.pgminicluster.cli;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * An order to the keeper, one JSON object on a line.
 *
 * @param token from the state file
 * @param command what to do
 * @param args in order
 * @param options by name
 */
record Request(String token, String command, List<String> args, Map<String, String> options) {

    Request {
        Objects.requireNonNull(token);
        Objects.requireNonNull(command);
        args = List.copyOf(args);
        options = Map.copyOf(options);
    }

    String option(String name, String fallback) {
        String value = options.getOrDefault(name, "");
        return value.isEmpty() ? fallback : value;
    }

    /** The token is for no eyes. */
    @Override
    public String toString() {
        return command + " " + args + " " + options;
    }
}
