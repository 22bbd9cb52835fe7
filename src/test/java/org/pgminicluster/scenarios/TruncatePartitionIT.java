package org.pgminicluster.scenarios;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.Behaviour;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/**
 * What a TRUNCATE of a partition, or of the whole, empties on the subscriber: that depends on whose name changes go out
 * under.
 *
 * @see <a href="https://www.postgresql.org/docs/13/sql-createpublication.html">publish_via_partition_root</a>
 */
@MiniClusterTest
class TruncatePartitionIT {

    private static final String READINGS = """
            CREATE TABLE reading (id integer PRIMARY KEY) PARTITION BY RANGE (id);
            CREATE TABLE reading_low PARTITION OF reading FOR VALUES FROM (0) TO (100);
            CREATE TABLE reading_high PARTITION OF reading FOR VALUES FROM (100) TO (200);
            """;

    static Topology byPartition() {
        return OneWay.of(READINGS, "reading");
    }

    @Test
    @TopologyFrom("byPartition")
    @RequiresPostgres(min = 13, because = "before, partitioned tables were not published")
    @Behaviour("trunc-leaf-partition")
    void a_truncated_partition_is_emptied_alone_the_truncated_root_as_a_whole(
            MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO reading VALUES (1), (101)");

        primary.execute("TRUNCATE reading_low");

        cluster.awaitReplicated();
        assertThat(copy).table("reading").hasRows(row(101));
        primary.execute("INSERT INTO reading VALUES (2)");

        primary.execute("TRUNCATE reading");

        cluster.awaitReplicated();
        assertThat(copy).table("reading").isEmpty();
    }

    static Topology viaRoot() {
        return OneWay.of(
                READINGS,
                primary ->
                        primary.publication("pub", pub -> pub.tables("reading").viaPartitionRoot()),
                OneWay.streams("pub"));
    }

    @Test
    @TopologyFrom("viaRoot")
    @RequiresPostgres(min = 13, because = "before, partitioned tables were not published")
    @Behaviour("trunc-via-root-ignores-leaf-truncate")
    void published_via_the_root_a_truncate_of_a_partition_stays_at_home(MiniCluster cluster, Node primary, Node copy) {
        primary.execute("INSERT INTO reading VALUES (1), (101)");

        primary.execute("TRUNCATE reading_low");

        primary.execute("INSERT INTO reading VALUES (102)");
        cluster.awaitReplicated();
        assertThat(copy).table("reading").hasRows(row(1), row(101), row(102));

        primary.execute("TRUNCATE reading");

        cluster.awaitReplicated();
        assertThat(copy).table("reading").isEmpty();
    }
}
