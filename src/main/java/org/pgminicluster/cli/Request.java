package org.pgminicluster.cli;

import java.util.List;
import java.util.Objects;

/**
 * A command for the daemon, one JSON object on a line.
 *
 * @param token from the state file
 * @param args the command as it was typed
 * @param width of the terminal that its answer is for
 * @param attached whether somebody looks at it
 * @param colour whether it has any
 * @param utf8 whether it shows more than ASCII
 */
record Request(String token, List<String> args, int width, boolean attached, boolean colour, boolean utf8) {

    Request {
        Objects.requireNonNull(token);
        args = List.copyOf(args);
    }

    /** The token is for no eyes. */
    @Override
    public String toString() {
        return String.join(" ", args);
    }
}
