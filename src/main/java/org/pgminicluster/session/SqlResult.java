package org.pgminicluster.session;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Event;
import org.pgminicluster.journal.Rows;

/**
 * What came of one statement.
 *
 * @param returned its rows; null if it returns none, unlike one that found none
 * @param count how many rows it returned or touched; 0 where it counts none
 */
@API(status = API.Status.MAINTAINED)
public record SqlResult(@Nullable Rows returned, long count) {

    static SqlResult of(Event.Result result) {
        if (result instanceof Event.Selected selected) {
            return new SqlResult(selected.rows(), selected.rows().size());
        }
        return new SqlResult(null, result instanceof Event.Done done ? done.count() : 0);
    }

    /**
     * Its rows.
     *
     * @throws IllegalStateException if it was no statement that returns rows
     */
    public Rows rows() {
        if (returned == null) {
            throw new IllegalStateException(
                    "expected the statement to return rows, but it touched " + count + "; ask for its count");
        }
        return returned;
    }
}
