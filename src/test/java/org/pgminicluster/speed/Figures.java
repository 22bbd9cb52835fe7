package org.pgminicluster.speed;

import java.util.Collection;
import java.util.List;
import java.util.Locale;

/** What is made of many measured values. */
final class Figures {

    private Figures() {}

    /** The middle one, or the mean of the two in the middle. */
    static double median(Collection<Double> values) {
        return quantile(values, 0.5);
    }

    /** The value below which that share of all lies, between two neighbours in proportion. */
    static double quantile(Collection<Double> values, double share) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("expected values to be there, but were none; measure first");
        }
        List<Double> sorted = values.stream().sorted().toList();
        double place = share * (sorted.size() - 1);
        int below = (int) Math.floor(place);
        int above = (int) Math.ceil(place);
        return sorted.get(below) + (place - below) * (sorted.get(above) - sorted.get(below));
    }

    /** The exponent of growth between two points: 1 if what is twice as large takes twice as much. */
    static double exponent(double fromSize, double from, double toSize, double to) {
        return Math.log(to / from) / Math.log(toSize / fromSize);
    }

    /** A number of things. */
    static String count(long value) {
        return String.format(Locale.ROOT, "%,d", value).replace(',', ' ');
    }

    /** With as many digits as tell something: 0.123, 1.23, 12.3, 123, 12 345. */
    static String shown(double value) {
        if (value == 0) {
            return "0";
        }
        double size = Math.abs(value);
        if (size >= 1000) {
            return String.format(Locale.ROOT, "%,.0f", value).replace(',', ' ');
        }
        int digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : size >= 0.9995 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
