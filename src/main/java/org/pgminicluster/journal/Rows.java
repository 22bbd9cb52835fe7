package org.pgminicluster.journal;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.io.Serializable;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.stream.Collectors;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/** The rows of a result. */
@API(status = API.Status.MAINTAINED)
public record Rows(List<String> columns, List<Row> values) implements Serializable {

    public Rows {
        columns = List.copyOf(columns);
        values = List.copyOf(values);
    }

    /** How many rows. */
    public int size() {
        return values.size();
    }

    @JsonIgnore
    public boolean isEmpty() {
        return values.isEmpty();
    }

    /**
     * The only value of the only row.
     *
     * @throws NoSuchElementException if there is not exactly one row of one column
     */
    public @Nullable String value() {
        if (values.size() != 1 || columns.size() != 1) {
            throw new NoSuchElementException("expected the result to be one row of one column, but was " + values.size()
                    + " rows of " + columns.size() + " columns:\n" + this);
        }
        return values.get(0).get(0);
    }

    /** The only value as a number. */
    public long number() {
        String value = value();
        if (value == null) {
            throw new NoSuchElementException("expected the result to be a number, but was NULL");
        }
        return Long.parseLong(value);
    }

    /** All values of the first column. */
    public List<@Nullable String> column() {
        return values.stream().map(row -> row.get(0)).collect(Collectors.toList());
    }

    /** The same of a result in which none is NULL. */
    public List<String> texts() {
        return values.stream().map(row -> row.text(0)).toList();
    }

    /** As psql prints them. */
    @Override
    public String toString() {
        return new PsqlTable(this).toString();
    }
}
