package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.journal.Event;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;

@MiniClusterTest
@Homework
class ReseedIT {

    private static final String SUBSCRIPTION = "vm3_test_sub";

    @Test
    void what_was_interrupted_is_finished_by_the_same_call(MiniCluster cluster, Node vm1, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, 'copied twice')");
        cluster.awaitReplicated();
        Thread caller = Thread.currentThread();
        cluster.journal().onEntry(entry -> {
            if (entry.event() instanceof Event.Sql sql && sql.sql().startsWith("DROP SUBSCRIPTION ")) {
                caller.interrupt();
            }
        });

        assertThatThrownBy(() -> cluster.reseed(vm3, SUBSCRIPTION)).isInstanceOf(MiniClusterException.class);
        assertThat(Thread.interrupted()).isTrue();
        assertThat(vm3.query("SELECT subname FROM pg_subscription").column()).doesNotContain(SUBSCRIPTION);

        cluster.reseed(vm3, SUBSCRIPTION);
        assertThat(cluster).table("test").convergesOn("vm1", "vm3");
    }

    @Test
    void nothing_is_changed_while_the_publisher_is_down(MiniCluster cluster, Node vm1, Node vm3) {
        vm1.kill();

        assertThatThrownBy(() -> cluster.reseed(vm3, SUBSCRIPTION))
                .hasMessage("expected vm1 to be running when subscription vm3_test_sub of vm3 is seeded again, but was"
                        + " down; start() it first");

        vm1.start();
        vm1.execute("INSERT INTO test VALUES (1, 'streamed')");
        assertThat(cluster).table("test").convergesOn("vm1", "vm3");
    }
}
