package org.pgminicluster.topology;

import org.apiguardian.api.API;

/**
 * The reference topology: vm1 writes {@code test} and holds a read-only copy of {@code test2}, vm2 the other way round,
 * vm3 holds a read-only copy of both, for reads and backups.
 */
@API(status = API.Status.MAINTAINED)
public final class HomeworkTopology {

    /** Both tables, on every node: schema is not replicated. */
    public static final String SCHEMA = """
            CREATE TABLE test (id integer PRIMARY KEY, name text);
            CREATE TABLE test2 (id integer PRIMARY KEY, name text);
            """;

    private HomeworkTopology() {}

    /** The three nodes. A slot takes its subscription's name, so vm3's must be named unlike vm1's and vm2's. */
    public static Topology create() {
        return threeNodes("homework").build();
    }

    /** The three nodes, and vm4 as a hot standby of vm3. */
    public static Topology withStandby() {
        return threeNodes("homework with a standby").standby("vm4").of("vm3").build();
    }

    /** The three nodes, and vm4 as a hot standby of vm3 that can take over without loss. */
    public static Topology withGuardedStandby() {
        return threeNodes("homework with a guarded standby")
                .standby("vm4")
                .guarded()
                .of("vm3")
                .build();
    }

    private static Topology.Builder threeNodes(String name) {
        return Topology.named(name)
                .database("rep")
                .schema(SCHEMA)
                .node(
                        "vm1",
                        vm1 -> vm1.readOnly("test2")
                                .publishes("test_pub", "test")
                                .subscribes("test2_sub", "vm2", "test2_pub"))
                .node(
                        "vm2",
                        vm2 -> vm2.readOnly("test")
                                .publishes("test2_pub", "test2")
                                .subscribes("test_sub", "vm1", "test_pub"))
                .node(
                        "vm3",
                        vm3 -> vm3.readOnly("test", "test2")
                                .subscribes("vm3_test_sub", "vm1", "test_pub")
                                .subscribes("vm3_test2_sub", "vm2", "test2_pub"));
    }
}
