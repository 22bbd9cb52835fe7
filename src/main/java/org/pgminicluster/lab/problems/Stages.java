package org.pgminicluster.lab.problems;

import java.util.List;
import java.util.function.Consumer;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Majors;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;

/** The clusters that most problems happen on, and how a problem is declared. */
final class Stages {

    static final String TEST = "CREATE TABLE test (id integer PRIMARY KEY, name text)";

    /** vm1 publishes test, vm2 follows. */
    static final Topology PAIR = pair().build();

    /** vm1 publishes test; vm2 has the table and a login on vm1, and is not subscribed yet. */
    static final Topology FOLLOWING = following(vm1 -> vm1.publishes("test_pub", "test"));

    /** vm1 publishes test, vm3 follows, and vm4 is vm3's physical standby. */
    static final Topology TRIO = withStandby().of("vm3").build();

    private Stages() {}

    static Topology.Builder pair() {
        return Topology.named("vm1 publishes, vm2 follows")
                .schema(TEST)
                .node("vm1", vm1 -> vm1.publishes("test_pub", "test"))
                .node("vm2", vm2 -> vm2.subscribes("test_sub", "vm1", "test_pub"));
    }

    static Topology following(Consumer<NodeSpec.Builder> vm1) {
        return Topology.named("vm2 is about to follow vm1")
                .schema(TEST)
                .node("vm1", vm1)
                .node("vm2", vm2 -> vm2.mayFollow("vm1"))
                .build();
    }

    static StandbySpec.Builder withStandby() {
        return Topology.named("vm3 follows vm1, and vm4 is a standby of vm3")
                .schema(TEST)
                .node("vm1", vm1 -> vm1.publishes("test_pub", "test"))
                .node("vm3", vm3 -> vm3.subscribes("vm3_test_sub", "vm1", "test_pub"))
                .standby("vm4");
    }

    /** A story that asks for the nodes that it needs. */
    static Problem problem(String id, String page, Topology stage, Consumer<Lesson> story) {
        return new Problem(id, page, Majors.ALL, stage, story);
    }

    /** A story of the two nodes of its stage. */
    static Problem problem(String id, String page, Topology stage, OfTwo story) {
        return problem(id, page, Majors.ALL, stage, story);
    }

    /** The same, shown by some majors only. */
    static Problem problem(String id, String page, Majors majors, Topology stage, OfTwo story) {
        return new Problem(id, page, majors, stage, lesson -> {
            List<Node> nodes = lesson.cluster().nodes();
            story.tell(lesson, nodes.get(0), nodes.get(1));
        });
    }

    /** A story of the three nodes of its stage, a standby last. */
    static Problem problem(String id, String page, Topology stage, OfThree story) {
        return problem(id, page, stage, lesson -> {
            List<Node> nodes = lesson.cluster().nodes();
            story.tell(lesson, nodes.get(0), nodes.get(1), nodes.get(2));
        });
    }

    @FunctionalInterface
    interface OfTwo {
        void tell(Lesson lesson, Node first, Node second);
    }

    @FunctionalInterface
    interface OfThree {
        void tell(Lesson lesson, Node first, Node second, Node third);
    }
}
