package org.pgminicluster.scenarios.backup;

import org.pgminicluster.topology.Topology;

/** The homework, with tables that tell whether a copy is of one moment, and a node with nothing to restore on. */
final class BackupTopology {

    private static final String SCHEMA = Counting.schema("test") + Counting.schema("test2");

    private BackupTopology() {}

    static Topology withStandby() {
        return nodes("backups with a standby")
                .standby("vm4")
                // A dump is one long query, for which replay would have to wait, or end it.
                .setting("hot_standby_feedback", "on")
                .of("vm3")
                .build();
    }

    static Topology withArchive() {
        return nodes("backups").build();
    }

    private static Topology.Builder nodes(String name) {
        return Topology.named(name)
                .database("rep")
                .node(
                        "vm1",
                        vm1 -> vm1.schema(SCHEMA)
                                .seed(Counting.start("test"))
                                .publishes("test_pub", "test", "test_count"))
                .node(
                        "vm2",
                        vm2 -> vm2.schema(SCHEMA)
                                .seed(Counting.start("test2"))
                                .publishes("test2_pub", "test2", "test2_count"))
                .node(
                        "vm3",
                        vm3 -> vm3.schema(SCHEMA)
                                .setting("archive_mode", "on")
                                .readOnly("test", "test2")
                                .subscribes("vm3_test_sub", "vm1", "test_pub")
                                .subscribes("vm3_test2_sub", "vm2", "test2_pub"))
                .node("fresh", fresh -> fresh.database("plain", database -> {}));
    }
}
