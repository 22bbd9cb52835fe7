package org.pgminicluster.cluster;

import java.util.stream.Collectors;
import org.pgminicluster.journal.Rows;
import org.pgminicluster.runtime.ClusterRuntime;
import org.pgminicluster.runtime.Member;
import org.pgminicluster.session.SqlFailedException;

/**
 * Finds walsenders that cannot finish making a slot because an older transaction is still open, and who has it open.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-createsubscription.html">CREATE SUBSCRIPTION, Notes</a>
 */
final class StuckSlots {

    private static final String BLOCKED = """
            SELECT w.pid, left(w.query, 60) AS walsender, b.pid AS blocked_by, b.state,
                   b.application_name, left(b.query, 80) AS query
              FROM pg_stat_activity w
              CROSS JOIN LATERAL unnest(pg_blocking_pids(w.pid)) AS blocker
              JOIN pg_stat_activity b ON b.pid = blocker
             WHERE w.backend_type = 'walsender' AND w.wait_event_type = 'Lock'""";

    private StuckSlots() {}

    /** A paragraph for an error message, empty if no walsender is stuck. */
    static String explain(ClusterRuntime runtime) {
        return runtime.members().stream()
                .filter(Member::isRunning)
                .map(StuckSlots::explain)
                .filter(text -> !text.isEmpty())
                .collect(Collectors.joining());
    }

    private static String explain(Member node) {
        try {
            Rows blocked = node.look(BLOCKED);
            return blocked.isEmpty()
                    ? ""
                    : "\non " + node.name() + " making a slot waits for a transaction that is still open; end it, then"
                            + " try again:\n" + blocked;
        } catch (SqlFailedException e) {
            return "";
        }
    }
}
