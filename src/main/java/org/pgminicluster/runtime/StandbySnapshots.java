package org.pgminicluster.runtime;

import java.util.Optional;
import org.apiguardian.api.API;
import org.jspecify.annotations.Nullable;

/**
 * Lets logical slots be made on a standby: a new one waits for a record of the transactions that run, which only a primary
 * writes, every 15 s at most and not at all while nothing else is written. The node above the standby is asked for one. On a
 * server that is no standby nothing is to be done.
 *
 * @see <a href="https://www.postgresql.org/docs/16/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION">
 *     pg_log_standby_snapshot</a>
 */
@API(status = API.Status.INTERNAL)
public final class StandbySnapshots {

    private static final String LOG = "SELECT pg_log_standby_snapshot()";

    private final Member publisher;
    private @Nullable Optional<Member> above;

    public StandbySnapshots(Member publisher) {
        this.publisher = publisher;
    }

    /** Asks once; one record may be too early, so whoever waits asks again and again. */
    public void log() {
        Optional<Member> primary = above;
        if (primary == null) {
            primary = primary();
            above = primary;
        }
        primary.ifPresent(node -> node.look(LOG));
    }

    private Optional<Member> primary() {
        ClusterRuntime runtime = publisher.runtime();
        return runtime.topology().standbys().isEmpty()
                        || Link.physical(runtime, publisher).isEmpty()
                ? Optional.empty()
                : Optional.of(Link.wayTo(runtime, publisher).get(0).publisher());
    }
}
