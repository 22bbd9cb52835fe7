package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.assertj.MiniClusterAssertions;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.topology.Topology;

/** Code makes the schema, and goes on with the database by JDBC. */
class MigrationsIT {

    private static void tables(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SET search_path = nowhere");
            statement.execute("CREATE TABLE public.item (id int PRIMARY KEY, part int) PARTITION BY LIST (id)");
            statement.execute("CREATE TABLE public.item_1 (id int NOT NULL, part int)");
            statement.execute("ALTER TABLE public.item ATTACH PARTITION public.item_1 DEFAULT");
        }
    }

    @Test
    @RequiresPostgres(min = 11, because = "10 has no primary keys on partitioned tables")
    void a_migration_makes_what_is_published_after_scripts_and_before_rows() throws SQLException {
        Topology topology = Topology.named("migrated")
                .schema("CREATE SCHEMA nowhere")
                .node(
                        "pub",
                        n -> n.migrates(MigrationsIT::tables)
                                .seed("INSERT INTO item VALUES (1, 1)")
                                .publishes("p", "item"))
                .node(
                        "sub",
                        n -> n.migrates(MigrationsIT::tables).readOnly("item").subscribes("s", "pub", "p"))
                .build();
        try (MiniCluster cluster = MiniCluster.start(topology)) {
            Node pub = cluster.node("pub"), sub = cluster.node("sub");
            try (Connection connection = pub.dataSource().getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO item VALUES (2, 2)");
            }

            MiniClusterAssertions.assertThat(cluster).table("item").convergesOn("pub", "sub");
            MiniClusterAssertions.assertThat(sub).table("item").hasRows(row(1, 1), row(2, 2));
            try (Connection connection = DriverManager.getConnection(sub.jdbcUrl(), sub.user(), sub.password());
                    Statement statement = connection.createStatement();
                    ResultSet count = statement.executeQuery("SELECT current_database(), count(*) FROM item")) {
                count.next();
                assertThat(count.getString(1) + count.getInt(2)).isEqualTo("rep2");
            }
            assertThat(cluster.journal().entries().toString()).contains("the migration of pub for database \"rep\"");
        }
    }

    /** As Flyway would, statement by statement; each is committed by itself. */
    @Test
    @RequiresPostgres(min = 11, because = "10 has no primary keys on partitioned tables")
    void a_migration_that_is_refused_in_its_middle_tells_what_the_server_said_and_leaves_nothing() {
        Topology topology = Topology.named("half migrated")
                .node(
                        "vm1",
                        n -> n.migrates(database -> {
                            tables(database);
                            try (Connection connection = database.getConnection();
                                    Statement statement = connection.createStatement()) {
                                statement.execute("ALTER TABLE item ADD COLUMN price missing_type");
                            }
                        }))
                .build();

        assertThatThrownBy(() -> MiniCluster.of(topology).name("half-migrated").start())
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected the migration of vm1 for database \"rep\" to succeed, but it failed with"
                        + " org.postgresql.util.PSQLException: ERROR: type \"missing_type\" does not exist\n"
                        + "  Position: 35; the cause of this exception says where");
        try (MiniCluster again = MiniCluster.of(Topology.named("half migrated")
                        .node("vm1", n -> n.migrates(MigrationsIT::tables))
                        .build())
                .name("half-migrated")
                .start()) {
            assertThat(again.node("vm1").query("SELECT count(*) FROM item").number())
                    .isZero();
        }
    }

    @Test
    void a_migration_that_fails_fails_the_start_by_its_own_sentence() {
        SQLException reason = new SQLException("no such thing");
        Topology topology = Topology.named("not migrated")
                .node(
                        "vm1",
                        n -> n.migrates(database -> {
                            throw reason;
                        }))
                .build();

        assertThatThrownBy(() -> MiniCluster.start(topology))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected the migration of vm1 for database \"rep\" to succeed, but it failed with"
                        + " java.sql.SQLException: no such thing; the cause of this exception says where")
                .hasCause(reason);
    }
}
