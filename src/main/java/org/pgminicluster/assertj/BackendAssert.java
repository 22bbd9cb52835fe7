package org.pgminicluster.assertj;

import java.util.Optional;
import org.apiguardian.api.API;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.journal.Words;
import org.pgminicluster.wait.Seen;

/**
 * Assertions about one process of a server, such as that of a {@link org.pgminicluster.session.Session} or a {@link
 * org.pgminicluster.session.RunningStatement}.
 *
 * @see <a href="https://www.postgresql.org/docs/13/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW">
 *     pg_stat_activity</a>
 */
@API(status = API.Status.MAINTAINED)
public final class BackendAssert extends StateAssert<BackendAssert, Integer> {

    private static final String WAITS =
            "SELECT coalesce(wait_event_type || ' ' || wait_event, 'nothing')" + " FROM pg_stat_activity WHERE pid = ?";

    BackendAssert(Node node, int pid) {
        super(pid, BackendAssert.class, node.member());
    }

    /** It waits for a lock that another session has. */
    public BackendAssert waitsForLock() {
        return holdsWhateverFails(
                Words.of("rule.lock"),
                () -> waitsFor()
                        .map(what -> Seen.of(what.startsWith("Lock"), Words.of("seen.waits", what)))
                        .orElseGet(() -> Seen.of(false, Words.of("seen.it-is-gone"))));
    }

    /** It has ended. */
    public BackendAssert isGone() {
        return holdsWhateverFails(Words.of("rule.gone"), () -> {
            boolean gone = waitsFor().isEmpty();
            return Seen.of(gone, Words.of(gone ? "seen.it-is-gone" : "seen.still-there"));
        });
    }

    private Optional<String> waitsFor() {
        return node().look(WAITS, actual).values().stream().findFirst().map((Row row) -> row.text(0));
    }

    @Override
    Words subject() {
        return Words.of("backend-on", actual, node());
    }
}
