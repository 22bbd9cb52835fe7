package org.pgminicluster.history;

import org.apiguardian.api.API;

/** A history that was not passed; the message says what was violated, and how to run its plan once more. */
@API(status = API.Status.EXPERIMENTAL)
public final class HistoryFailedError extends AssertionError {

    private static final long serialVersionUID = 1L;

    private final transient HistoryResult result;

    HistoryFailedError(HistoryResult result) {
        super(result.toString());
        this.result = result;
    }

    /** What the history has come to. */
    public HistoryResult result() {
        return result;
    }
}
