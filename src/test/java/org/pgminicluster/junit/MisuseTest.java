package org.pgminicluster.junit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** What is wrong with a test is said in one sentence, before any server starts. */
class MisuseTest {

    private static final String NAMES = " to name a static field of type Topology, or a static method without"
            + " parameters that returns one, but ";

    private static void refused(Class<?> tests, String message) {
        assertThat(Runs.failures(Runs.withoutServers(tests))).containsExactly(message);
    }

    @Test
    void a_test_without_a_topology_is_refused() {
        refused(
                NoTopology.class,
                "expected parameter cluster (MiniCluster) of NoTopology.test to have a topology, but found none; put"
                        + " @Homework or @TopologyFrom(\"NAME\") on the test method or the class");
    }

    @MiniClusterTest
    static class NoTopology {
        @Test
        void test(MiniCluster cluster) {}
    }

    @Test
    void parameters_with_different_topologies_are_refused() {
        refused(
                TwoOnParameters.class,
                "expected TwoOnParameters.test to have one topology for its one cluster, but has @Homework and"
                        + " @TopologyFrom(\"OTHER\"); take one of them away");
    }

    @MiniClusterTest
    static class TwoOnParameters {
        static final Topology OTHER = HomeworkTopology.create();

        @Test
        void test(@Homework MiniCluster one, @TopologyFrom("OTHER") MiniCluster other) {}
    }

    @Test
    void a_method_and_a_parameter_with_different_topologies_are_refused() {
        refused(
                MethodAndParameter.class,
                "expected MethodAndParameter.test to have one topology for its one cluster, but has @TopologyFrom(\"other\")"
                        + " and @Homework; take one of them away");
    }

    @MiniClusterTest
    static class MethodAndParameter {
        @Test
        @TopologyFrom("other")
        void test(@Homework MiniCluster cluster) {}
    }

    @Test
    void two_topologies_on_one_class_are_refused() {
        refused(
                TwoOnClass.class,
                "expected TwoOnClass to have one topology for its one cluster, but has @Homework and"
                        + " @TopologyFrom(\"other\"); take one of them away");
    }

    @MiniClusterTest
    @Homework
    @TopologyFrom("other")
    static class TwoOnClass {
        @Test
        void test(Node vm1) {}
    }

    @Test
    void another_topology_before_the_test_is_refused() {
        refused(
                BeforeEachDiffers.class,
                "expected BeforeEachDiffers.prepare and test to have one topology for its one cluster, but has"
                        + " @TopologyFrom(\"other\") and @Homework; take one of them away");
    }

    @MiniClusterTest
    @TopologyFrom("other")
    static class BeforeEachDiffers {
        @BeforeEach
        void prepare(@Homework MiniCluster cluster) {}

        @Test
        void test() {}
    }

    @Test
    void an_unknown_node_is_refused_with_the_known_ones() {
        refused(
                UnknownNode.class,
                "expected parameter vm9 (Node) of UnknownNode.test to name one of the nodes vm1, vm2, vm3, but it names"
                        + " \"vm9\"; rename it or say @On(\"vm1\")");
    }

    @MiniClusterTest
    @Homework
    static class UnknownNode {
        @Test
        void test(Node vm9) {}
    }

    @Test
    void an_unknown_node_by_annotation_is_refused() {
        refused(
                UnknownOn.class,
                "expected parameter node (Node) of UnknownOn.test to name one of the nodes vm1, vm2, vm3, but it names"
                        + " \"VM1\"; rename it or say @On(\"vm1\")");
    }

    @MiniClusterTest
    @Homework
    static class UnknownOn {
        @Test
        void test(@On("VM1") Node node) {}
    }

    @Test
    void a_name_that_is_not_there_is_refused() {
        refused(Missing.class, "expected @TopologyFrom(\"nowhere\")" + NAMES + "Missing has none");
    }

    @MiniClusterTest
    @TopologyFrom("nowhere")
    static class Missing {
        @Test
        void test(MiniCluster cluster) {}

        static Topology nowhere(String withParameter) {
            return HomeworkTopology.create();
        }
    }

    @Test
    void a_class_that_is_not_there_is_refused() {
        refused(
                MissingClass.class,
                "expected @TopologyFrom(\"com.acme.Shop#SHOP\")" + NAMES + "there is no class com.acme.Shop");
    }

    @MiniClusterTest
    @TopologyFrom("com.acme.Shop#SHOP")
    static class MissingClass {
        @Test
        void test(MiniCluster cluster) {}
    }

    @Test
    void a_member_of_another_class_that_is_not_there_is_refused() {
        refused(
                MissingElsewhere.class,
                "expected @TopologyFrom(\"org.pgminicluster.topology.HomeworkTopology#make\")" + NAMES
                        + "HomeworkTopology has none");
    }

    @MiniClusterTest
    @TopologyFrom("org.pgminicluster.topology.HomeworkTopology#make")
    static class MissingElsewhere {
        @Test
        void test(MiniCluster cluster) {}
    }

    @Test
    void a_field_that_is_not_static_is_refused() {
        refused(NotStatic.class, "expected @TopologyFrom(\"topology\")" + NAMES + "it is not static");
    }

    @MiniClusterTest
    @TopologyFrom("topology")
    static class NotStatic {
        final Topology topology = HomeworkTopology.create();

        @Test
        void test(MiniCluster cluster) {}
    }

    @Test
    void a_method_that_returns_something_else_is_refused() {
        refused(AnotherType.class, "expected @TopologyFrom(\"topology\")" + NAMES + "it is of type String");
    }

    @MiniClusterTest
    @TopologyFrom("topology")
    static class AnotherType {
        @Test
        void test(MiniCluster cluster) {}

        static String topology() {
            return "homework";
        }
    }

    @Test
    void a_method_that_throws_is_refused_with_what_it_threw() {
        refused(
                Throwing.class,
                "expected @TopologyFrom(\"topology\")" + NAMES + "it threw InvalidTopologyException: expected topology"
                        + " \"empty\" to have a node, but has none; add one with .node(\"vm1\", ...)");
    }

    @MiniClusterTest
    @TopologyFrom("topology")
    static class Throwing {
        @Test
        void test(MiniCluster cluster) {}

        static Topology topology() {
            return Topology.named("empty").build();
        }
    }

    @Test
    @SuppressWarnings("NullAway")
    void a_field_that_is_null_is_refused() {
        refused(Null.class, "expected @Unset, which is @TopologyFrom(\"TOPOLOGY\")," + NAMES + "it is null");
    }

    @TopologyFrom("TOPOLOGY")
    @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
    @interface Unset {}

    @MiniClusterTest
    @Unset
    static class Null {
        @SuppressWarnings("NullAway")
        static final Topology TOPOLOGY = null;

        @Test
        void test(MiniCluster cluster) {}
    }

    @Test
    void a_parameter_of_a_constructor_is_refused() {
        refused(
                InConstructor.class,
                "expected Node to be a parameter of a method, but was one of the constructor of InConstructor; ask for"
                        + " it in the test method or in @BeforeEach");
    }

    @MiniClusterTest
    @Homework
    static class InConstructor {
        InConstructor(Node vm1) {}

        @Test
        void test() {}
    }

    @Test
    void a_cluster_before_all_tests_is_refused_unless_it_is_shared() {
        refused(
                BeforeAllUnshared.class,
                "expected parameter vm1 (Node) of BeforeAllUnshared.prepare to belong to a test or to a class that is"
                        + " @Shared, but prepare runs outside of every test; use @BeforeEach or @AfterEach, or put"
                        + " @Shared on BeforeAllUnshared");
    }

    @MiniClusterTest
    @Homework
    static class BeforeAllUnshared {
        @BeforeAll
        static void prepare(Node vm1) {}

        @Test
        void test() {}
    }

    @Test
    void a_cluster_before_all_tests_that_have_fresh_databases_is_refused() {
        refused(
                BeforeAllFresh.class,
                "expected parameter vm1 (Node) of BeforeAllFresh.prepare to belong to a test, which alone has fresh"
                        + " databases, but prepare runs outside of every test; use @BeforeEach or @AfterEach, or take"
                        + " freshDatabases away from BeforeAllFresh");
    }

    @MiniClusterTest
    @Shared(freshDatabases = true)
    @Homework
    static class BeforeAllFresh {
        @BeforeAll
        static void prepare(Node vm1) {}

        @Test
        void test() {}
    }

    @Test
    void fresh_databases_of_a_topology_on_a_method_are_refused() {
        refused(
                FreshWithMethod.class,
                "expected the topology of the cluster that is @Shared by FreshWithMethod to be said on FreshWithMethod,"
                        + " but @Homework is on FreshWithMethod.test; move it there, or take @Shared away");
    }

    @MiniClusterTest
    @Shared(freshDatabases = true)
    static class FreshWithMethod {
        @Test
        @Homework
        void test(Node vm1) {}
    }

    @Test
    void a_shared_cluster_with_a_topology_on_a_method_is_refused() {
        refused(
                SharedWithMethod.class,
                "expected the topology of the cluster that is @Shared by SharedWithMethod to be said on SharedWithMethod,"
                        + " but @Homework is on SharedWithMethod.test; move it there, or take @Shared away");
    }

    @MiniClusterTest
    @Shared
    static class SharedWithMethod {
        @Test
        @Homework
        void test(Node vm1) {}
    }

    @Test
    void a_shared_cluster_with_another_topology_on_a_nested_class_is_refused() {
        refused(
                SharedWithNested.class,
                "expected the topology of the cluster that is @Shared by SharedWithNested to be said on SharedWithNested,"
                        + " but @TopologyFrom(\"other\") is on Inner; move it there, or take @Shared away");
    }

    @MiniClusterTest
    @Shared
    @Homework
    static class SharedWithNested {
        @Nested
        @TopologyFrom("other")
        class Inner {
            @Test
            void test(Node vm1) {}
        }
    }

    @Test
    void a_shared_cluster_without_a_topology_is_refused() {
        refused(
                SharedWithout.class,
                "expected parameter vm1 (Node) of SharedWithout.test to have a topology, but found none; put @Homework or"
                        + " @TopologyFrom(\"NAME\") on the class SharedWithout, which is @Shared");
    }

    @MiniClusterTest
    @Shared
    static class SharedWithout {
        @Test
        void test(Node vm1) {}
    }

    @Test
    void a_class_whose_tests_ask_for_no_cluster_is_run_without_one() {
        assertThat(Runs.successes(Runs.withoutServers(NoCluster.class))).containsExactly("test");
    }

    @MiniClusterTest
    @Homework
    static class NoCluster {
        @Test
        void test() {}
    }

    @Test
    void unsynced_on_a_test_of_a_shared_cluster_is_refused() {
        refused(
                UnsyncedInShared.class,
                "expected @Unsynced to be on UnsyncedInShared, which has the cluster, but was on UnsyncedInShared.test;"
                        + " move it there");
    }

    @MiniClusterTest
    @Homework
    @Shared
    static class UnsyncedInShared {
        @Test
        @Unsynced
        void test(MiniCluster cluster) {}
    }

    @Test
    void unsynced_before_a_test_is_refused() {
        refused(
                UnsyncedBefore.class,
                "expected @Unsynced to be on UnsyncedBefore.test, which has the cluster, but was on"
                        + " UnsyncedBefore.prepare; move it there");
    }

    @MiniClusterTest
    @Homework
    static class UnsyncedBefore {
        @BeforeEach
        @Unsynced
        void prepare(MiniCluster cluster) {}

        @Test
        void test() {}
    }
}
