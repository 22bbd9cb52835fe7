package org.pgminicluster.report;

import java.util.Locale;

/** Times and sizes for people. */
final class Times {

    private Times() {}

    /** A duration, such as {@code 0.8 ms}, {@code 38 ms} or {@code 1.2 s}. */
    static String millis(double millis) {
        if (millis < 9.95) {
            return String.format(Locale.ROOT, "%.1f ms", millis);
        }
        return millis < 999.5
                ? String.format(Locale.ROOT, "%.0f ms", millis)
                : String.format(Locale.ROOT, "%.1f s", millis / 1000);
    }

    /** A moment since the start, such as {@code +1.234 s}. */
    static String since(double millis) {
        return String.format(Locale.ROOT, "+%.3f s", Math.max(0, millis) / 1000);
    }

    /** A size, such as {@code 56 B} or {@code 1.2 MB}. */
    static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        double size = bytes / 1024.0;
        for (String unit : new String[] {"kB", "MB", "GB"}) {
            if (size < 1000 || unit.equals("GB")) {
                return String.format(Locale.ROOT, size < 10 ? "%.1f %s" : "%.0f %s", size, unit);
            }
            size /= 1024;
        }
        throw new AssertionError("the last unit takes all");
    }
}
