package org.pgminicluster.examples;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;

@MiniClusterTest
@Homework
class HomeworkIT {

    @Test
    void an_update_reaches_every_copy(MiniCluster cluster, Node vm1, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, 'draft')");
        vm1.execute("UPDATE test SET name = 'final' WHERE id = 1");

        assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        assertThat(vm3).table("test").hasRows(row(1, "final"));
        assertThat(vm3).rejects("DELETE FROM test").withMessage("Cannot modify table.");
    }
}
