package org.pgminicluster.state;

import java.io.Serializable;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;
import org.pgminicluster.topology.TableName;

/**
 * A table of a subscription, and how far its copy has come.
 *
 * @param shown its name as the server writes it: without the schema where the search path finds it
 * @param since up to where the publisher's commits were in the copy when it came into that state: the subscription had
 *     received everything up to there when a table became {@link SyncState#READY}; null before
 * @see <a href="https://www.postgresql.org/docs/13/catalog-pg-subscription-rel.html">pg_subscription_rel</a>
 */
@API(status = API.Status.MAINTAINED)
public record SubscribedTable(
        TableName table,
        String shown,
        SyncState state,
        @Nullable Lsn since) implements Serializable {

    /** Whether its rows are copied. */
    public boolean isCopied() {
        return state == SyncState.READY || state == SyncState.SYNCHRONIZED;
    }
}
