package org.pgminicluster.state;

import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.journal.Rows;

/** Whoever can be asked for what a server's catalogs and views have, without a trace in the journal. */
@API(status = API.Status.INTERNAL)
public interface Catalogs {

    /**
     * The rows of a query.
     *
     * @param params values for {@code ?} placeholders
     * @throws org.pgminicluster.session.SqlFailedException if the server refuses, cannot be reached, or does not answer soon
     */
    Rows look(String sql, @Nullable Object... params);
}
