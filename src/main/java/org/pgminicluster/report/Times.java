package org.pgminicluster.report;

import java.util.Locale;

/** How exactly times and sizes are told to people. {@link Labels} says them in a language. */
final class Times {

    /**
     * So many of a unit.
     *
     * @param number rounded, with a point before its decimals
     * @param unit the end of the key of its label
     */
    record Amount(String number, String unit) {
        private static Amount of(int decimals, double number, String unit) {
            return new Amount(String.format(Locale.ROOT, "%." + decimals + "f", number), unit);
        }
    }

    private Times() {}

    static Amount millis(double millis) {
        if (millis < 9.95) {
            return Amount.of(1, millis, "ms");
        }
        return millis < 999.5 ? Amount.of(0, millis, "ms") : Amount.of(1, millis / 1000, "s");
    }

    /** To the millisecond; none are below 0. */
    static Amount seconds(double millis) {
        return Amount.of(3, Math.max(0, millis) / 1000, "s");
    }

    static Amount bytes(long bytes) {
        if (bytes < 1024) {
            return Amount.of(0, bytes, "B");
        }
        double size = bytes / 1024.0;
        for (String unit : new String[] {"kB", "MB", "GB"}) {
            if (size < 1000 || unit.equals("GB")) {
                return Amount.of(size < 10 ? 1 : 0, size, unit);
            }
            size /= 1024;
        }
        throw new AssertionError("the last unit takes all");
    }

    /** In units of thousands, for numbers that are multiples of them. */
    static Amount roundBytes(long bytes) {
        long size = bytes;
        for (String unit : new String[] {"B", "kB", "MB"}) {
            if (size < 1000) {
                return Amount.of(0, size, unit);
            }
            size /= 1000;
        }
        return Amount.of(0, size, "GB");
    }
}
