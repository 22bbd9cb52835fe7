package org.pgminicluster.topology;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The picture of a topology, line by line. */
class MermaidTest {

    @Test
    void of_the_homework() {
        assertThat(HomeworkTopology.create().toMermaid()).isEqualTo("""
                flowchart LR
                    node_vm1["<b>vm1</b><br/>publishes test<br/>read-only test2"]
                    node_vm2["<b>vm2</b><br/>publishes test2<br/>read-only test"]
                    node_vm3["<b>vm3</b><br/>read-only test, test2"]
                    node_vm2 -->|"test2_pub → test2_sub"| node_vm1
                    node_vm1 -->|"test_pub → test_sub"| node_vm2
                    node_vm1 -->|"test_pub → vm3_test_sub"| node_vm3
                    node_vm2 -->|"test2_pub → vm3_test2_sub"| node_vm3
                """);
    }

    @Test
    void of_odd_names_and_several_databases() {
        Topology odd = Topology.named("odd")
                .node("end", n -> n.publication("everything", Publication.Builder::allTables))
                .node(
                        "vm-2",
                        n -> n.publication("empty", p -> {})
                                .readOnly("a<b")
                                .subscribes("say \"hi\" & go", "end", "everything")
                                .database("other", d -> d.publication("p", p -> p.tablesInSchema("app"))))
                .build();

        assertThat(odd.toMermaid()).isEqualTo("""
                flowchart LR
                    node_end["<b>end</b><br/>publishes all tables"]
                    node_vm_2["<b>vm-2</b><br/>publishes nothing yet<br/>read-only a&lt;b<br/>other: publishes schema app"]
                    node_end -->|"everything → say &quot;hi&quot; &amp; go"| node_vm_2
                """);
    }
}
