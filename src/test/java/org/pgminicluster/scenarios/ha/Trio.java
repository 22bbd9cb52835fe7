package org.pgminicluster.scenarios.ha;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.topology.StandbySpec;
import org.pgminicluster.topology.Topology;

/** The smallest topology with something to lose: vm1 publishes {@code test}, vm3 follows, vm4 is vm3's hot standby. */
final class Trio {

    static final String SUB = "vm3_test_sub";

    private Trio() {}

    static Topology plain() {
        return vm4(one("plain trio")).of("vm3").build();
    }

    static Topology guarded() {
        return vm4(one("guarded trio")).guarded().of("vm3").build();
    }

    static StandbySpec.Builder vm4(Topology.Builder topology) {
        return topology.standby("vm4");
    }

    /** The two ordinary nodes. */
    static Topology.Builder one(String name) {
        return Topology.named(name)
                .schema("CREATE TABLE test (id integer PRIMARY KEY, name text)")
                .node("vm1", vm1 -> vm1.publishes("test_pub", "test"))
                .node("vm3", vm3 -> vm3.readOnly("test").subscribes(SUB, "vm1", "test_pub"));
    }

    /** What a server logs, and its client is told, of a login that {@code pg_hba.conf} rejects. */
    static String turnedAwayBy(Node publisher) {
        // Up to 13 a subscriber's is called a replication connection.
        return "pg_hba.conf rejects " + (publisher.version().major() < 14 ? "replication " : "") + "connection";
    }

    /** How a standby logs in at another primary than the one that it was made for. */
    static String standbyConninfo(Node standby, Node primary) {
        return standby.conninfoTo(primary, standby.name()).replaceFirst("user=\\S+", "user=standby_" + standby.name());
    }
}
