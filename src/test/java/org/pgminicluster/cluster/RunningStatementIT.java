package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.session.RunningStatement;
import org.pgminicluster.session.SqlFailedException;
import org.pgminicluster.topology.Topology;

/** A statement that runs while the caller goes on: it ends well, badly, when asked to, or without its client. */
@MiniClusterTest
@TopologyFrom("alone")
class RunningStatementIT {

    private static final String FOR_EVER = "SELECT pg_sleep(600)";

    /** Far from the timeout that every statement has, so that it is not that which ended it. */
    private static final Duration SOON = Duration.ofSeconds(15);

    static Topology alone() {
        return Topology.named("alone")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node("alone")
                .build();
    }

    @Test
    void its_count_and_its_refusal_are_those_of_the_server(Node alone) {
        try (RunningStatement inserting = alone.executeInBackground("INSERT INTO item VALUES (1), (2)");
                RunningStatement wrong = alone.executeInBackground("INSERT INTO nowhere VALUES (1)")) {
            assertThat(inserting.await()).isEqualTo(2);
            assertThatThrownBy(wrong::await)
                    .isInstanceOfSatisfying(
                            SqlFailedException.class,
                            refusal -> assertThat(refusal.serverMessage())
                                    .isEqualTo("relation \"nowhere\" does not exist"));
            assertThat(inserting.isDone()).isTrue();
            assertThat(wrong.isDone()).isTrue();
        }
    }

    @Test
    void cancelling_ends_it_on_the_server(MiniCluster cluster, Node alone) {
        try (RunningStatement sleeping = alone.executeInBackground(FOR_EVER)) {
            cluster.awaitValue(alone, sleeper(sleeping), 1);
            assertThat(sleeping.isDone()).isFalse();

            sleeping.cancel();

            Awaitility.await().atMost(SOON).until(sleeping::isDone);
            assertThatThrownBy(sleeping::await).hasMessageContaining("canceling statement due to user request");
            cluster.awaitValue(alone, sleeper(sleeping), 0);
        }
    }

    @Test
    void abandoning_ends_it_here_and_not_on_the_server(MiniCluster cluster, Node alone) {
        try (RunningStatement sleeping = alone.executeInBackground(FOR_EVER)) {
            cluster.awaitValue(alone, sleeper(sleeping), 1);

            sleeping.abandon();

            Awaitility.await().atMost(SOON).until(sleeping::isDone);
            assertThat(alone.query(sleeper(sleeping)).number()).isEqualTo(1);
        }
    }

    @Test
    void closing_leaves_nothing_running(MiniCluster cluster, Node alone) {
        RunningStatement sleeping = alone.executeInBackground(FOR_EVER);
        cluster.awaitValue(alone, sleeper(sleeping), 1);

        sleeping.close();

        cluster.awaitValue(alone, sleeper(sleeping), 0);
    }

    private static String sleeper(RunningStatement statement) {
        return "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND pid = " + statement.backendPid();
    }
}
