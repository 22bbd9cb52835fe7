package org.pgminicluster.cli.byhand;

import org.jspecify.annotations.Nullable;

/**
 * What a person would type to do the same by hand.
 *
 * @param node the node at whose psql prompt, or null for a shell
 * @param text the statement or command; one that begins with {@code --} is a remark on those before it
 */
public record HandCommand(@Nullable String node, String text) {

    private static final String REMARK = "-- ";

    public static HandCommand sql(String node, String statement) {
        String stripped = statement.strip();
        // What begins with a backslash is psql's own.
        return new HandCommand(node, stripped.endsWith(";") || stripped.startsWith("\\") ? stripped : stripped + ";");
    }

    public static HandCommand shell(String command) {
        return new HandCommand(null, command);
    }

    public static HandCommand remark(String text) {
        return new HandCommand(null, REMARK + text);
    }

    public boolean isRemark() {
        return text.startsWith(REMARK);
    }

    public String prompt() {
        return node != null ? "/* " + node + " # */ " : isRemark() ? "" : "$ ";
    }
}
