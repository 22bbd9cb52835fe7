package org.pgminicluster.cli.byhand;

/** Words as a shell takes them. */
public final class ShellWord {

    private ShellWord() {}

    /** In quotes if it needs any. */
    public static String quoted(String word) {
        return word.matches("[\\p{L}\\p{N}_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
