package org.pgminicluster.cli;

import java.time.Duration;
import picocli.CommandLine.ITypeConverter;

/** What parameters can be beside texts and constants. What none can be is told by the rule that it breaks. */
final class Values {

    private Values() {}

    private static int number(String typed, int least, String rule) {
        try {
            int number = Integer.parseInt(typed);
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new UsageError.WrongValue(rule);
    }

    /** A whole number that is not negative. */
    static final class Natural implements ITypeConverter<Integer> {
        @Override
        public Integer convert(String typed) {
            return number(typed, 0, "a whole number of 0 or more");
        }
    }

    /** Milliseconds between two looks. */
    static final class Interval implements ITypeConverter<Integer> {
        private static final int SHORTEST = 5;

        @Override
        public Integer convert(String typed) {
            return number(typed, SHORTEST, "a whole number of " + SHORTEST + " or more");
        }
    }

    /** Such as {@code 200ms}, or the number alone. */
    static final class Millis implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String typed) {
            return Duration.ofMillis(
                    number(typed.replaceFirst("ms$", ""), 0, "a whole number of milliseconds, such as 200ms"));
        }
    }
}
