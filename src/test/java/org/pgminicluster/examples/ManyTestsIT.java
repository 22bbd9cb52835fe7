package org.pgminicluster.examples;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Homework;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.Shared;

@MiniClusterTest
@Homework
@Shared(freshDatabases = true)
class ManyTestsIT {

    @ParameterizedTest
    @ValueSource(strings = {"short", "ünï", "it's", "a\nb"})
    void every_name_arrives_as_it_is(String name, MiniCluster cluster, Node vm1, Node vm3) {
        vm1.execute("INSERT INTO test VALUES (1, ?)", name);

        cluster.awaitReplicated();
        assertThat(vm3).table("test").hasRows(row(1, name));
    }
}
