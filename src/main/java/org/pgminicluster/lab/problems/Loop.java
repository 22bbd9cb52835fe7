package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.topology.Topology;

/** A table that both nodes publish to each other. */
final class Loop implements Problem {

    @Override
    public String id() {
        return "loop";
    }

    @Override
    public String page() {
        return "logical-replication-restrictions";
    }

    @Override
    public Topology topology() {
        return Topology.named("a table that goes round")
                .schema("CREATE TABLE note (name text)")
                .node(
                        "vm1",
                        vm1 -> vm1.publishes("vm1_pub", "note")
                                .subscription(
                                        "vm1_sub", s -> s.to("vm2", "vm2_pub").copyData(false)))
                .node(
                        "vm2",
                        vm2 -> vm2.publishes("vm2_pub", "note")
                                .subscription(
                                        "vm2_sub", s -> s.to("vm1", "vm1_pub").copyData(false)))
                .allowEcho()
                .build();
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        lesson.cluster().awaitReplicated();
        vm1.execute("INSERT INTO note VALUES ('once')");
        String many = "SELECT name, count(*) > 10 AS more_than_ten FROM note GROUP BY name";
        lesson.cluster().awaitValue(vm1, "SELECT count(*) > 10 FROM note", true);
        lesson.shows(vm1, "note", many, Row.of("once", true));

        lesson.cure();
        vm1.execute("DROP SUBSCRIPTION vm1_sub");
        vm1.execute("TRUNCATE note");
        vm1.execute("INSERT INTO note VALUES ('only once')");
        lesson.proof(vm2, "note", Row.of("only once"));
        lesson.proof(vm1, "note", Row.of("only once"));
    }
}
