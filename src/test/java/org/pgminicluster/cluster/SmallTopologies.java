package org.pgminicluster.cluster;

import org.pgminicluster.topology.Topology;

/** The smallest clusters on which a thing can be shown. */
final class SmallTopologies {

    static final String TABLE = "CREATE TABLE test (id integer PRIMARY KEY, name text)";

    private SmallTopologies() {}

    /** vm1 alone, with a table. */
    static Topology alone() {
        return Topology.named("alone").schema(TABLE).node("vm1").build();
    }

    /** vm1 publishes a table, vm2 copies it and guards nothing. */
    static Topology oneWay() {
        return Topology.named("one-way")
                .schema(TABLE)
                .node("vm1", n -> n.publishes("test_pub", "test"))
                .node("vm2", n -> n.subscribes("test_sub", "vm1", "test_pub"))
                .build();
    }
}
