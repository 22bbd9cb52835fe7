package org.pgminicluster.journal;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * One row: each value in PostgreSQL's own text form ({@code t} for true, {@code {1,2}} for an array), null for NULL.
 */
@API(status = API.Status.MAINTAINED)
public record Row(@JsonValue List<@Nullable String> values) implements Comparable<Row>, Serializable {

    private static final int MOST_DIGITS = 18;
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,100}(\\.\\d{1,100})?");
    private static final Comparator<@Nullable String> BY_VALUE = Comparator.nullsLast(Row::compareValues);

    /** {@link List#copyOf} takes no nulls, and NULL is a value here. */
    @JsonCreator
    public Row {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** A row to compare with: each value is turned into the text that PostgreSQL would print. */
    public static Row of(@Nullable Object... values) {
        return new Row(Arrays.stream(values).map(Row::text).collect(Collectors.toList()));
    }

    private static @Nullable String text(@Nullable Object value) {
        if (value instanceof Boolean bool) {
            return bool ? "t" : "f";
        }
        return value == null ? null : value.toString();
    }

    /** The value of a column, counted from 0. */
    public @Nullable String get(int column) {
        return values.get(column);
    }

    /** The value of a column that is not NULL by nature, such as a name in a catalog. */
    public String text(int column) {
        return String.valueOf(values.get(column));
    }

    /** By the values from left to right: numbers as numbers, then all else as text, NULL last. */
    @Override
    public int compareTo(Row other) {
        for (int i = 0; i < Math.min(values.size(), other.values.size()); i++) {
            int order = BY_VALUE.compare(values.get(i), other.values.get(i));
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(values.size(), other.values.size());
    }

    /** One that fits a long: most keys are such, and a table of a million rows compares twenty million times. */
    private static boolean isShortInteger(String value) {
        int from = value.startsWith("-") ? 1 : 0;
        int digits = value.length() - from;
        if (digits == 0 || digits > MOST_DIGITS) {
            return false;
        }
        for (int i = from; i < value.length(); i++) {
            if (value.charAt(i) < '0' || value.charAt(i) > '9') {
                return false;
            }
        }
        return true;
    }

    /** All numbers come before all other text: were 10 and 2 numbers but 1a a text between them, this were no order. */
    private static int compareValues(String one, String other) {
        if (isShortInteger(one) && isShortInteger(other)) {
            int order = Long.compare(Long.parseLong(one), Long.parseLong(other));
            return order != 0 ? order : one.compareTo(other);
        }
        if (isNumber(one) != isNumber(other)) {
            return isNumber(one) ? -1 : 1;
        }
        int order = isNumber(one) ? new BigDecimal(one).compareTo(new BigDecimal(other)) : 0;
        return order != 0 ? order : one.compareTo(other);
    }

    static boolean isNumber(String value) {
        return NUMBER.matcher(value).matches();
    }

    @Override
    public String toString() {
        return values.stream().map(value -> value == null ? "NULL" : value).collect(Collectors.joining(", ", "(", ")"));
    }
}
