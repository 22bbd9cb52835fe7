package org.pgminicluster.cli;

import org.jspecify.annotations.Nullable;

/**
 * What a person would have typed to do the same by hand.
 *
 * @param node the node at whose psql prompt, or null for a shell
 * @param text the statement or command
 */
record Typed(@Nullable String node, String text) {

    static Typed sql(String node, String statement) {
        String stripped = statement.strip();
        // What begins with a backslash is psql's own.
        return new Typed(node, stripped.endsWith(";") || stripped.startsWith("\\") ? stripped : stripped + ";");
    }

    static Typed shell(String command) {
        return new Typed(null, command);
    }

    String prompt() {
        return node == null ? "$ " : "/* " + node + " # */ ";
    }
}
