package org.pgminicluster.cluster;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;

/** A read-only copy has no side door: not by its partitions or children, nor by its parents, now or later. */
@MiniClusterTest
@RequiresPostgres(min = 13, because = "before, partitioned tables were not published")
@TopologyFrom("copies")
class ReadOnlyPartsIT {

    private static final String REFUSAL = "Cannot modify table.";

    private static final String TABLES = """
            CREATE TABLE m (id int, d date, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);
            CREATE TABLE m_2020 PARTITION OF m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01') PARTITION BY RANGE (d);
            CREATE TABLE m_2020_1 PARTITION OF m_2020 FOR VALUES FROM ('2020-01-01') TO ('2020-07-01');
            CREATE TABLE item (id int PRIMARY KEY);
            CREATE SCHEMA "Other";
            CREATE TABLE "Other"."child one" (PRIMARY KEY (id)) INHERITS (item);
            CREATE TABLE whole (id int PRIMARY KEY) PARTITION BY RANGE (id);
            CREATE TABLE low PARTITION OF whole FOR VALUES FROM (0) TO (10);
            """;

    static Topology copies() {
        return Topology.named("read-only parts")
                .schema(TABLES)
                .node(
                        "pub",
                        pub -> pub.publishes("p", "m", "item", "low")
                                .seed(
                                        "INSERT INTO m VALUES (1, '2020-02-01'); INSERT INTO \"Other\".\"child one\" VALUES (1);"
                                                + " INSERT INTO low VALUES (1)"))
                .node("sub", sub -> sub.readOnly("m", "item", "low").subscribes("s", "pub", "p"))
                .build();
    }

    private static void refuses(Node node, String table, String values) {
        for (String write : new String[] {
            "INSERT INTO " + table + " VALUES " + values,
            "UPDATE " + table + " SET id = 2",
            "DELETE FROM " + table,
            "TRUNCATE " + table,
            "COPY " + table + " FROM PROGRAM 'echo'"
        }) {
            assertThat(node).as(write).rejects(write).withMessage(REFUSAL);
        }
    }

    @Test
    void partitions_and_children_refuse_writes_and_take_what_is_replicated(MiniCluster cluster, Node pub, Node sub) {
        refuses(sub, "m_2020", "(3, '2020-03-01')");
        refuses(sub, "m_2020_1", "(3, '2020-03-01')");
        refuses(sub, "\"Other\".\"child one\"", "(3)");

        pub.execute("INSERT INTO m VALUES (2, '2020-03-01'); INSERT INTO \"Other\".\"child one\" VALUES (2);"
                + " DELETE FROM m WHERE id = 1");

        cluster.awaitReplicated();
        assertThat(sub).table("m").hasRows(row(2, "2020-03-01"));
        assertThat(sub).table("item").hasRows(row(1), row(2));
        pub.execute("TRUNCATE m_2020_1, item");
        cluster.awaitReplicated();
        assertThat(sub).table("m").isEmpty();
        assertThat(sub).table("item").isEmpty();
    }

    @Test
    void those_that_are_made_or_attached_later_refuse_writes_too(MiniCluster cluster, Node pub, Node sub) {
        for (Node node : new Node[] {pub, sub}) {
            node.execute("CREATE TABLE m_2021 PARTITION OF m FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');"
                    + " CREATE TABLE m_2022 (id int, d date, PRIMARY KEY (id, d));"
                    + " ALTER TABLE m ATTACH PARTITION m_2022 FOR VALUES FROM ('2022-01-01') TO ('2023-01-01');"
                    + " CREATE TABLE child2 () INHERITS (item); CREATE TABLE child3 () INHERITS (child2);"
                    + " CREATE TABLE loner (id int NOT NULL); ALTER TABLE loner INHERIT item");
        }

        refuses(sub, "m_2021", "(3, '2021-03-01')");
        refuses(sub, "m_2022", "(3, '2022-03-01')");
        refuses(sub, "child2", "(3)");
        refuses(sub, "child3", "(3)");
        refuses(sub, "loner", "(3)");
        pub.execute("INSERT INTO m VALUES (3, '2021-03-01'), (4, '2022-03-01')");
        sub.execute("ALTER SUBSCRIPTION s REFRESH PUBLICATION");
        cluster.awaitReplicated();
        assertThat(sub).table("m").hasRows(row(1, "2020-02-01"), row(3, "2021-03-01"), row(4, "2022-03-01"));
    }

    @Test
    void a_partition_is_not_written_by_a_parent_that_is_no_copy(MiniCluster cluster, Node pub, Node sub) {
        sub.execute("CREATE TABLE high PARTITION OF whole FOR VALUES FROM (10) TO (20)");

        refuses(sub, "low", "(3)");
        assertThat(sub).rejects("INSERT INTO whole VALUES (3)").withMessage(REFUSAL);
        assertThat(sub).rejects("UPDATE whole SET id = 13").withMessage(REFUSAL);
        assertThat(sub).rejects("DELETE FROM whole").withMessage(REFUSAL);
        assertThat(sub).rejects("TRUNCATE whole").withMessage(REFUSAL);
        sub.execute("INSERT INTO whole VALUES (11)");
        pub.execute("INSERT INTO low VALUES (3)");

        cluster.awaitReplicated();
        assertThat(sub).table("whole").hasRows(row(1), row(3), row(11));
    }

    @Test
    void a_part_that_is_stored_elsewhere_is_refused_by_name(Node sub) {
        sub.execute("CREATE FOREIGN DATA WRAPPER far; CREATE SERVER there FOREIGN DATA WRAPPER far");

        assertThat(sub)
                .rejects("CREATE FOREIGN TABLE beyond () INHERITS (item) SERVER there")
                .withMessage(
                        "expected the parts of public.item, which is a read-only copy here, to be tables of this server,"
                                + " but public.beyond is a foreign table; leave it out");
    }
}
