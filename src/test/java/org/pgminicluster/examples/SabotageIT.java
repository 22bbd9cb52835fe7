package org.pgminicluster.examples;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.history.Histories;
import org.pgminicluster.history.HistoryFailedError;
import org.pgminicluster.history.Profile;
import org.pgminicluster.session.Session;

/**
 * Would random histories notice if a copy lost rows?
 *
 * <p>A test that has never failed proves nothing. So something is broken on purpose while the history goes on, and the
 * history must fail, for that reason.
 */
class SabotageIT {

    @Test
    void rows_that_somebody_deletes_behind_the_guard_are_missed() {
        Histories histories = Histories.of(OwnTablesIT.shop())
                .seeds(1)
                .profile(Profile.CALM)
                .writes(40)
                .named("sabotage")
                .withoutShrinking()
                .sabotage(SabotageIT::deleteBehindTheGuard);

        assertThatThrownBy(histories::run)
                .isInstanceOf(HistoryFailedError.class)
                .hasMessageContaining("I1 (no acknowledged row is lost): item on till lacks rows");
    }

    private static void deleteBehindTheGuard(MiniCluster cluster) {
        try (Session session = cluster.node("till").session()) {
            session.execute("SET session_replication_role = replica");
            session.execute("DELETE FROM item");
        }
    }
}
