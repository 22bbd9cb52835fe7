package org.pgminicluster.scenarios.ha;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.scenarios.SynchronousStandbys;

/**
 * Twenty rows that vm1 has acknowledged to its writer and vm3 has applied, while vm4, cut off from vm3, has none of them.
 * Whether they are there after vm4 has taken over is the question of every failover.
 */
final class Gap {

    static final int ROWS = 20;

    private static final String WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'";

    private final MiniCluster cluster;
    private final Node vm1;
    private final Node vm3;
    private final Node vm4;

    /** Row 1 is on all of them. */
    Gap(MiniCluster cluster) {
        this.cluster = cluster;
        this.vm1 = cluster.node("vm1");
        this.vm3 = cluster.node("vm3");
        this.vm4 = cluster.node("vm4");
        vm1.execute("INSERT INTO test VALUES (1, 'before')");
        cluster.awaitReplicated();
    }

    /** Commits on vm3 that ask for it wait for vm4 from now on. */
    void makeVm4Synchronous() {
        SynchronousStandbys.waitFor(cluster, vm3, "vm4");
    }

    /** What vm3 applies asks for it, too. */
    void applySynchronously(String level) {
        vm3.execute("ALTER SUBSCRIPTION vm3_test_sub SET (synchronous_commit = " + level + ")");
    }

    /** Writes the rows in one transaction. */
    void write() {
        vm1.execute("INSERT INTO test SELECT i, 'in the gap' FROM generate_series(2, ?) AS i", 1 + ROWS);
    }

    /** Waits until vm3 has told vm1 that it has all that there is, safe on its disk. */
    void awaitConfirmed() {
        assertThat(vm1).slot(Trio.SUB).eventually().lagsAtMost(0);
        assertThat(vm3).table("test").hasCount(1 + ROWS);
    }

    /** Waits until vm3 has committed the rows and waits for vm4, which cannot get them. */
    void awaitWaitingForVm4() {
        cluster.awaitValue(vm3, WAITING, 1);
    }

    /** Writes a row that comes after the gap, and waits until vm4 has it. */
    void awaitMarker() {
        vm1.execute("INSERT INTO test VALUES (100, 'after')");
        cluster.awaitReplicated(vm4, Trio.SUB);
    }

    /** Nothing of the gap is on vm4, though what came before and what came after it is. */
    void assertLost() {
        assertThat(vm4).table("test").hasRows(row(1, "before"), row(100, "after"));
        assertThat(vm1).table("test").hasCount(2 + ROWS);
    }

    /** All that vm1 has is on vm4. */
    void assertKept() {
        assertThat(cluster).table("test").hasEqualRowsOn("vm1", "vm4");
        assertThat(vm4).table("test").hasCount(2 + ROWS);
    }
}
