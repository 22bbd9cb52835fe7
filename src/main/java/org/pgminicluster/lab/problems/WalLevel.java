package org.pgminicluster.lab.problems;

import org.pgminicluster.cluster.Node;
import org.pgminicluster.journal.Row;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.lab.lesson.Majors;
import org.pgminicluster.lab.lesson.Problem;
import org.pgminicluster.lab.lesson.Wording;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.topology.Topology;

/** A publisher whose WAL cannot be decoded. */
final class WalLevel implements Problem {

    @Override
    public String id() {
        return "wal-level";
    }

    @Override
    public String page() {
        return "logical-replication-config";
    }

    @Override
    public Majors majors() {
        return Majors.until(18);
    }

    @Override
    public Topology topology() {
        return Stages.following(vm1 -> {});
    }

    @Override
    public void tell(Lesson lesson) {
        Node vm1 = lesson.node("vm1"), vm2 = lesson.node("vm2");

        ServerLog.Mark mark = vm1.log().mark();
        vm1.execute("CREATE PUBLICATION test_pub FOR TABLE test");
        vm1.execute("GRANT SELECT ON test TO replicator");
        vm1.execute("INSERT INTO test VALUES (1, 'one')");
        lesson.logged(
                vm1,
                mark,
                Wording.of("wal_level is insufficient to publish logical changes")
                        .since(17, "\"wal_level\" is insufficient to publish logical changes"));
        String subscribe = Stages.subscribe("test_sub", vm2, vm1, "test_pub");
        lesson.refused(
                vm2,
                subscribe,
                Wording.of("logical decoding requires wal_level >= logical")
                        .since(17, "logical decoding requires \"wal_level\" >= \"logical\""));
        vm1.execute("ALTER SYSTEM SET wal_level = logical");
        vm1.query("SELECT pg_reload_conf()");
        String pending = "SELECT setting, pending_restart FROM pg_settings WHERE name = 'wal_level'";
        lesson.cluster().awaitValue(vm1, "SELECT pending_restart FROM pg_settings WHERE name = 'wal_level'", true);
        lesson.shows(vm1, "pg_settings", pending, Row.of("replica", true));

        lesson.cure();
        vm1.restart();
        vm2.execute(subscribe);
        lesson.proof(vm2, "test", Row.of(1, "one"));
    }
}
