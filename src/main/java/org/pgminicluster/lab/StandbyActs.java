package org.pgminicluster.lab;

import java.util.List;
import java.util.Map;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.lab.lesson.Lesson;
import org.pgminicluster.runtime.LoginRules;
import org.pgminicluster.script.NodeSettings;
import org.pgminicluster.script.Step;

/** vm4 becomes a standby of vm3 and takes over from it. */
record StandbyActs(Telling telling) {

    private static final String READ_ONLY = "cannot execute INSERT in a read-only transaction";

    void standby() {
        MiniCluster cluster = telling.cluster();
        Node vm3 = telling.node("vm3");
        Node vm4 = telling.node("vm4");
        // Its own pg_hba.conf, which no base backup takes along, for the time when it has taken over; and as long as it
        // has
        // not, no subscription of vm3 may start there.
        vm4.member().server().replaceHba(LoginRules.admitted(cluster.topology(), "vm4"));
        vm4.member().server().configure(Map.of(NodeSettings.WORKERS, "0", "archive_mode", "off"));
        cluster.script().phase(Step.Phase.STANDBY).forEach(step -> {
            telling.stop();
            if (step.command() instanceof Step.BaseBackup line) {
                telling.observe(telling.texts().get("standby.typed"), line.toString());
            }
            cluster.carryOut(step);
        });
        cluster.awaitReplicated();
        for (String table : List.of("test", "test2")) {
            telling.checkSame(vm4, table, vm3);
        }
        telling.refused(
                vm4, "INSERT INTO test VALUES (13, 'from vm4')", telling.texts().get("standby.refused"), READ_ONLY);
    }

    /** In the worst moment: vm4 has not got a row that vm3 has confirmed to vm1. */
    void failOver() {
        MiniCluster cluster = telling.cluster();
        Node vm1 = telling.node("vm1");
        Node vm3 = telling.node("vm3");
        Node vm4 = telling.node("vm4");
        telling.stop();
        try (Fault cut = cluster.faults().cut(vm3, vm4)) {
            telling.execute(vm1, "INSERT INTO test VALUES (6, 'only on vm3')");
            cluster.awaitReplicated(vm3, "vm3_test_sub");
            telling.stop();
            vm3.kill();
            telling.stop();
            cluster.failOver("vm3", "vm4");
        }
        telling.execute(vm1, "INSERT INTO test VALUES (7, 'after the failover')");
        cluster.awaitReplicatedAndConverged("test", Telling.PATIENCE, "vm1", "vm2", "vm4");
        telling.check(
                telling.texts().get("failover.nothing-lost"),
                vm1.table("test").checksum(),
                vm4.table("test").checksum());
        holders(List.of(vm1, telling.node("vm2"), vm4));
    }

    void rejoin() {
        MiniCluster cluster = telling.cluster();
        Node vm3 = telling.node("vm3");
        Node vm4 = telling.node("vm4");
        telling.stop();
        String program = cluster.standbys().rejoin(vm3);
        telling.observe(telling.texts().get("rejoin.by"), program);
        telling.execute(telling.node("vm1"), "INSERT INTO test VALUES (8, 'after the return')");
        cluster.awaitReplicated();
        cluster.standbys().awaitReplayed(vm3);
        telling.checkSame(vm3, "test", vm4);
        telling.refused(
                vm3, "INSERT INTO test VALUES (13, 'from vm3')", telling.texts().get("rejoin.refused"), READ_ONLY);
        telling.check(
                telling.texts().get("rejoin.slots"),
                "carried out",
                Lesson.answer(telling.node("vm1"), "SELECT slot_name, active FROM pg_replication_slots ORDER BY 1"));
        holders(telling.cluster().nodes());
    }

    private void holders(List<Node> nodes) {
        telling.observe(
                telling.texts().get("compare.title"),
                Holders.table(telling.cluster(), nodes, List.of("test", "test2")));
    }
}
