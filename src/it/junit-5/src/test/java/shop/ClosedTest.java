package shop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.On;
import org.pgminicluster.junit.Shared;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/** Every cluster is closed with what it was started for: a test, or a class that shares it. */
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
@TopologyFrom("topology")
class ClosedTest {

    private static final Set<MiniCluster> OWN = new LinkedHashSet<>();
    private static final Set<MiniCluster> SHARED = new LinkedHashSet<>();

    static Topology topology() {
        return Topology.named("one till")
                .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                .node("till", till -> {})
                .build();
    }

    @Nested
    @Order(1)
    @MiniClusterTest
    class Own {

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void each_invocation_has_a_cluster_of_its_own(int id, MiniCluster cluster, @On("till") Node till) {
            till.execute("INSERT INTO item VALUES (?)", id);

            assertThat(till.table("item").count()).isOne();
            assertThat(running(OWN)).isEmpty();
            OWN.add(cluster);
        }

        @Test
        void a_test_is_shown_by_the_sentence_that_its_name_is(TestInfo info) {
            assertThat(info.getDisplayName()).isEqualTo("a test is shown by the sentence that its name is");
        }
    }

    @Nested
    @Order(2)
    @Shared
    @MiniClusterTest
    class Sharing {

        @RepeatedTest(2)
        void all_tests_have_the_same_cluster(MiniCluster cluster) {
            SHARED.add(cluster);

            assertThat(running(SHARED)).hasSize(1);
        }
    }

    @Nested
    @Order(3)
    class Afterwards {

        @Test
        void no_server_runs_any_more() {
            assertThat(OWN).hasSize(2);
            assertThat(SHARED).hasSize(1);
            assertThat(running(OWN)).isEmpty();
            assertThat(running(SHARED)).isEmpty();
        }
    }

    private static List<MiniCluster> running(Set<MiniCluster> clusters) {
        List<MiniCluster> running = new ArrayList<>(clusters);
        running.removeIf(cluster -> cluster.nodes().stream().noneMatch(Node::isRunning));
        return running;
    }
}
