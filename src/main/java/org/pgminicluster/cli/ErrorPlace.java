package org.pgminicluster.cli;

/** Shows to which place of a text an error points, the way psql does. */
final class ErrorPlace {

    /** So much of a line is shown, and so much of that behind the mark at least. */
    private static final int WIDTH = 60;

    private static final int BEHIND = 10;

    private ErrorPlace() {}

    /**
     * The line and the mark below it.
     *
     * @param position in characters, from 1
     */
    static String of(String text, int position) {
        int at = text.offsetByCodePoints(0, Math.min(position - 1, text.codePointCount(0, text.length())));
        int start = text.lastIndexOf('\n', at - 1) + 1;
        int end = text.indexOf('\n', at);
        String line = text.substring(start, end < 0 ? text.length() : end)
                .replace('\t', ' ')
                .replace("\r", "");
        int number = 1
                + (int) text.substring(0, start).chars().filter(c -> c == '\n').count();
        int before = text.codePointCount(start, at);
        int length = line.codePointCount(0, line.length());
        int from = 0;
        int to = length;
        if (length > WIDTH) {
            to = Math.max(WIDTH, Math.min(length, before + BEHIND));
            from = to - WIDTH;
        }
        String shown = "LINE " + number + ": " + (from > 0 ? "..." : "");
        return shown
                + line.substring(line.offsetByCodePoints(0, from), line.offsetByCodePoints(0, to))
                + (to < length ? "..." : "")
                + "\n" + " ".repeat(shown.length() + before - from) + "^";
    }
}
