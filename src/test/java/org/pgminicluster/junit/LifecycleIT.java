package org.pgminicluster.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.topology.Topology;

/** Which test gets which cluster, and when it is closed: seen from outside, by running test classes in JUnit. */
@Execution(ExecutionMode.SAME_THREAD)
class LifecycleIT {

    /** One node with one table: all that is needed to tell clusters apart. */
    static final Topology SOLO = Topology.named("solo")
            .schema("CREATE TABLE visit (who text)")
            .node("solo")
            .build();

    /** What the tests inside saw: the clusters, in the order in which they were first met. */
    private static final Set<MiniCluster> SEEN = ConcurrentHashMap.newKeySet();

    private static final List<String> EVENTS = java.util.Collections.synchronizedList(new ArrayList<>());

    private static void visit(Node solo, String who) {
        SEEN.add(solo.cluster());
        solo.execute("INSERT INTO visit VALUES (?)", who);
        EVENTS.add(who + " sees "
                + String.join(
                        " ",
                        solo.query("SELECT who FROM visit ORDER BY 1").column().stream()
                                .map(String::valueOf)
                                .toList()));
    }

    private static EngineExecutionResults run(Class<?>... tests) {
        return run(Map.of(), tests);
    }

    private static EngineExecutionResults run(Map<String, String> parameters, Class<?>... tests) {
        EngineExecutionResults results = Runs.with(parameters, tests);
        assertThat(Runs.throwables(results)).isEmpty();
        assertThat(SEEN).noneMatch(cluster -> cluster.nodes().get(0).isRunning());
        return results;
    }

    @BeforeEach
    void forget() {
        SEEN.clear();
        EVENTS.clear();
    }

    @Test
    void each_test_has_a_cluster_of_its_own_with_what_runs_before_and_after_it() {
        run(Each.class);

        assertThat(EVENTS)
                .containsExactlyInAnyOrder(
                        "before sees before",
                        "one sees before one",
                        "after sees after before one",
                        "before sees before",
                        "two sees before two",
                        "after sees after before two");
        assertThat(SEEN).hasSize(2);
    }

    @MiniClusterTest
    @TopologyFrom("org.pgminicluster.junit.LifecycleIT#SOLO")
    static class Each {
        @BeforeEach
        void before(Node solo) {
            visit(solo, "before");
        }

        @Test
        void one(MiniCluster cluster, @On("solo") Node node) {
            assertThat(node).isSameAs(cluster.node("solo"));
            visit(node, "one");
        }

        @Test
        void two(Node solo) {
            visit(solo, "two");
        }

        @AfterEach
        void after(Node solo) {
            visit(solo, "after");
        }
    }

    @Test
    void a_shared_cluster_serves_the_class_and_those_nested_in_it() {
        run(OneForAll.class);

        assertThat(SEEN).hasSize(2);
        assertThat(EVENTS.get(0)).isEqualTo("all sees all");
        assertThat(EVENTS).contains("own sees own");
        assertThat(EVENTS.get(EVENTS.size() - 1)).isEqualTo("end sees all end inner one two");
    }

    @MiniClusterTest
    @Shared
    @TopologyFrom("SOLO")
    static class OneForAll {
        static final Topology SOLO = LifecycleIT.SOLO;

        @BeforeAll
        static void all(Node solo) {
            visit(solo, "all");
        }

        @Test
        void one(Node solo) {
            visit(solo, "one");
        }

        @Test
        void two(Node solo) {
            visit(solo, "two");
        }

        @Nested
        class Inner {
            @Test
            void inner(Node solo) {
                visit(solo, "inner");
            }
        }

        @Nested
        @Shared
        class WithItsOwn {
            @Test
            void own(Node solo) {
                visit(solo, "own");
            }
        }

        @AfterAll
        static void end(Node solo) {
            visit(solo, "end");
        }
    }

    @Test
    void a_nested_class_finds_the_topology_around_it_and_may_have_another() {
        run(Around.class);

        assertThat(SEEN.stream().map(cluster -> cluster.topology().name())).containsExactlyInAnyOrder("solo", "pair");
    }

    @MiniClusterTest
    @TopologyFrom("solo")
    static class Around {
        static Topology solo() {
            return SOLO;
        }

        static Topology pair() {
            return Topology.named("pair")
                    .schema("CREATE TABLE visit (who text)")
                    .node("solo")
                    .node("second")
                    .build();
        }

        @Nested
        class Same {
            @Test
            void same(Node solo) {
                visit(solo, "same");
            }
        }

        @Nested
        @TopologyFrom("pair")
        class Other {
            @Test
            void other(@On("second") Node solo) {
                visit(solo, "other");
            }
        }
    }

    @Test
    void each_invocation_of_a_parameterized_or_repeated_test_has_a_cluster() {
        run(Many.class);

        assertThat(EVENTS)
                .containsExactlyInAnyOrder(
                        "tea sees tea", "coffee sees coffee", "again sees again", "again sees again");
        assertThat(SEEN.stream()
                        .map(cluster -> cluster.directory().getFileName().toString()))
                .containsExactlyInAnyOrder("Many.drinks.1", "Many.drinks.2", "Many.again.1", "Many.again.2");
    }

    @Retention(RetentionPolicy.RUNTIME)
    @MiniClusterTest
    @TopologyFrom("org.pgminicluster.junit.LifecycleIT#SOLO")
    @interface Solo {}

    @Solo
    static class Many {
        @ParameterizedTest
        @ValueSource(strings = {"tea", "coffee"})
        void drinks(String drink, Node solo) {
            visit(solo, drink);
        }

        @RepeatedTest(2)
        void again(Node solo) {
            visit(solo, "again");
        }
    }

    @Test
    void one_instance_for_all_tests_still_means_a_cluster_for_each() {
        run(OneInstance.class);

        assertThat(EVENTS).containsExactlyInAnyOrder("one sees before one", "two sees before two");
        assertThat(SEEN).hasSize(2);
    }

    @Solo
    @TestInstance(Lifecycle.PER_CLASS)
    static class OneInstance {
        @BeforeEach
        void before(Node solo) {
            solo.execute("INSERT INTO visit VALUES ('before')");
        }

        @Test
        void one(Node solo) {
            visit(solo, "one");
        }

        @Test
        void two(Node solo) {
            visit(solo, "two");
        }
    }

    @Test
    void classes_run_in_parallel_each_with_its_cluster() {
        run(
                Map.of(
                        "junit.jupiter.execution.parallel.enabled", "true",
                        "junit.jupiter.execution.parallel.mode.default", "concurrent",
                        "junit.jupiter.execution.parallel.config.strategy", "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism", "2"),
                Left.class,
                Right.class);

        assertThat(EVENTS).containsExactlyInAnyOrder("left sees left", "right sees right");
        assertThat(SEEN).hasSize(2);
    }

    private static final CyclicBarrier BOTH_HAVE_THEIR_CLUSTER = new CyclicBarrier(2);

    @Solo
    static class Left {
        @Test
        void meet(Node solo) throws Exception {
            BOTH_HAVE_THEIR_CLUSTER.await(60, TimeUnit.SECONDS);
            visit(solo, "left");
        }
    }

    @Solo
    static class Right {
        @Test
        void meet(Node solo) throws Exception {
            BOTH_HAVE_THEIR_CLUSTER.await(60, TimeUnit.SECONDS);
            visit(solo, "right");
        }
    }

    @Test
    void tests_of_one_name_keep_their_logs_apart() {
        run(Overloaded.class);

        assertThat(SEEN.stream().map(MiniCluster::directory).distinct()).hasSize(2);
    }

    @Solo
    static class Overloaded {
        @Test
        void test(Node solo) {
            visit(solo, "node");
        }

        @Test
        void test(Node solo, MiniCluster cluster) {
            visit(solo, "cluster");
        }
    }

    @Test
    void a_shared_cluster_that_cannot_start_is_tried_once() {
        Broken.reads = 0;
        List<Throwable> failures = Runs.throwables(Runs.with(Map.of(), Broken.class));

        assertThat(failures)
                .hasSize(2)
                .allSatisfy(failure -> assertThat(failure)
                        .hasMessage("the cluster did not start: solo refused \"CREATE TABLE visit (who nonsense)\""
                                + " (line 1 of the schema of solo): ERROR: type \"nonsense\" does not exist"));
        assertThat(failures.get(0).getCause()).isSameAs(failures.get(1).getCause());
        assertThat(Broken.reads).isEqualTo(1);
    }

    @MiniClusterTest
    @Shared
    @TopologyFrom("broken")
    static class Broken {
        static int reads;

        static Topology broken() {
            reads++;
            return Topology.named("broken")
                    .schema("CREATE TABLE visit (who nonsense)")
                    .node("solo")
                    .build();
        }

        @Test
        void one(Node solo) {
            fail("it cannot have started");
        }

        @Test
        void two(Node solo) {
            fail("it cannot have started");
        }
    }
}
