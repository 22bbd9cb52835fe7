package org.pgminicluster.cluster;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.NodeSpec;
import org.pgminicluster.topology.Topology;

/** What subscribers may read is what is published: when the cluster starts, and when somebody publishes more. */
@MiniClusterTest
@TopologyFrom("listed")
class RightsIT {

    private static final String TABLES = """
            CREATE SCHEMA app;
            CREATE TABLE app.m (id int, d date, PRIMARY KEY (id, d)) PARTITION BY RANGE (d);
            CREATE TABLE app.m_2020 PARTITION OF app.m FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
            CREATE TABLE item (id int PRIMARY KEY);
            CREATE TABLE other (id int PRIMARY KEY);
            REVOKE USAGE ON SCHEMA public FROM PUBLIC;
            """;

    private static final String READABLE = """
            SELECT c.oid::regclass::text FROM pg_class c
             WHERE c.relkind IN ('r', 'p') AND c.oid >= 16384
               AND has_table_privilege('replicator', c.oid, 'SELECT')
               AND has_schema_privilege('replicator', c.relnamespace, 'USAGE') ORDER BY 1""";

    static Topology listed() {
        return Topology.named("rights")
                .schema(TABLES)
                .node("pub", pub -> pub.publishes("p", "app.m", "item").seed("""
                        INSERT INTO app.m VALUES (1, '2020-06-01'); INSERT INTO item VALUES (1)"""))
                .node("sub", sub -> sub.subscribes("s", "pub", "p"))
                .build();
    }

    static Topology everything() {
        return Topology.named("all rights")
                .schema(TABLES)
                .node("pub", pub -> pub.publication("p", p -> p.allTables()))
                .node("sub", sub -> sub.subscribes("s", "pub", "p"))
                .build();
    }

    static Topology wholeSchema() {
        return Topology.named("rights in a schema")
                .schema(TABLES)
                .node("pub", pub -> pub.publication("p", p -> p.tablesInSchema("app")))
                .node("sub", (NodeSpec.Builder sub) -> sub.subscribes("s", "pub", "p"))
                .build();
    }

    @Test
    @RequiresPostgres(min = 13, because = "before, partitioned tables were not published")
    void a_partition_made_later_and_a_table_added_by_hand_are_copied(MiniCluster cluster, Node pub, Node sub) {
        assertThat(sub).table("app.m_2020").hasRows(row(1, "2020-06-01"));
        for (Node node : new Node[] {pub, sub}) {
            node.execute(
                    "CREATE TABLE app.m_2021 PARTITION OF app.m FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');"
                            + " CREATE TABLE app.m_2022 (id int, d date, PRIMARY KEY (id, d));"
                            + " ALTER TABLE app.m ATTACH PARTITION app.m_2022 FOR VALUES FROM ('2022-01-01') TO ('2023-01-01')");
        }
        pub.execute("INSERT INTO app.m VALUES (2, '2021-06-01'), (3, '2022-06-01'); INSERT INTO other VALUES (4)");
        pub.execute("ALTER PUBLICATION p ADD TABLE other");

        sub.execute("ALTER SUBSCRIPTION s REFRESH PUBLICATION");

        cluster.awaitReplicated();
        assertThat(sub).table("app.m").hasRows(row(1, "2020-06-01"), row(2, "2021-06-01"), row(3, "2022-06-01"));
        assertThat(sub).table("other").hasRows(row(4));
    }

    @Test
    @RequiresPostgres(min = 13, because = "before, partitioned tables were not published")
    void nothing_else_may_be_read_and_what_was_revoked_stays_revoked(Node pub) {
        pub.execute("REVOKE SELECT ON item FROM replicator");
        pub.execute("CREATE TABLE secret (id int); ALTER TABLE item ADD COLUMN name text");
        pub.execute("ALTER PUBLICATION p ADD TABLE other");

        assertThat(pub).query(READABLE).hasRows(row("app.m"), row("app.m_2020"), row("other"));
    }

    @Test
    @TopologyFrom("everything")
    @RequiresPostgres(min = 11, because = "10 has no primary keys on partitioned tables")
    void a_table_of_another_role_in_a_schema_made_later_is_copied_where_all_are_published(
            MiniCluster cluster, Node pub, Node sub) {
        for (Node node : new Node[] {pub, sub}) {
            node.execute("CREATE ROLE clerk; CREATE SCHEMA later AUTHORIZATION clerk; SET ROLE clerk;"
                    + " CREATE TABLE later.note AS SELECT 1 AS id; RESET ROLE; TRUNCATE later.note");
        }
        pub.execute("INSERT INTO later.note VALUES (7)");

        sub.execute("ALTER SUBSCRIPTION s REFRESH PUBLICATION");

        cluster.awaitReplicated();
        assertThat(sub).table("later.note").hasRows(row(7));
    }

    @Test
    @TopologyFrom("wholeSchema")
    @RequiresPostgres(min = 15, because = "FOR TABLES IN SCHEMA came with 15")
    void a_table_of_another_role_is_copied_where_its_schema_is_published(MiniCluster cluster, Node pub, Node sub) {
        for (Node node : new Node[] {pub, sub}) {
            node.execute("CREATE ROLE clerk; GRANT ALL ON SCHEMA app TO clerk; SET ROLE clerk;"
                    + " CREATE TABLE app.note (id int PRIMARY KEY); RESET ROLE");
        }
        pub.execute("INSERT INTO app.note VALUES (7)");

        sub.execute("ALTER SUBSCRIPTION s REFRESH PUBLICATION");

        cluster.awaitReplicated();
        assertThat(sub).table("app.note").hasRows(row(7));
        assertThat(pub).query(READABLE).hasRows(row("app.m"), row("app.m_2020"), row("app.note"));
    }
}
