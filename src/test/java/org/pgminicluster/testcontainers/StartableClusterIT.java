package org.pgminicluster.testcontainers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.assertj.MiniClusterAssertions;
import org.pgminicluster.junit.RequiresServers;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.topology.Topology;
import org.testcontainers.containers.JdbcDatabaseContainer;
import org.testcontainers.lifecycle.Startables;

/** A cluster is started by Testcontainers, and a node of it is a container of a database. */
@RequiresServers(value = ServerKind.CONTAINER, because = "processes run in no container")
class StartableClusterIT {

    private static final StartableCluster CLUSTER = new StartableCluster(Topology.named("shop")
            .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
            .node("office", node -> node.publishes("items", "item"))
            .node("till", node -> node.subscribes("till_items", "office", "items"))
            .build());

    @BeforeAll
    static void start() {
        Startables.deepStart(List.of(CLUSTER)).join();
    }

    @AfterAll
    static void stop() {
        CLUSTER.stop();
        CLUSTER.stop();
        assertThatThrownBy(CLUSTER::cluster)
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("expected the cluster to be started, but was not; annotate its static field @Container, or"
                        + " call start() first");
    }

    @Test
    void who_takes_a_container_of_a_database_takes_a_node() throws SQLException {
        JdbcDatabaseContainer<?> office = CLUSTER.container("office");

        execute(office, "INSERT INTO item VALUES (1, 'tea')");

        CLUSTER.cluster().awaitReplicated();
        MiniClusterAssertions.assertThat(CLUSTER.node("till")).table("item").hasRows(row(1, "tea"));
        assertThat(office.getJdbcUrl()).isEqualTo(CLUSTER.node("office").jdbcUrl());
        assertThat(office.getUsername()).isEqualTo(CLUSTER.node("office").user());
        assertThat(office.getDatabaseName()).isEqualTo(CLUSTER.node("office").database());
        assertThat(office.getMappedPort(5432)).isEqualTo(office.getFirstMappedPort());
        assertThat(office.isRunning()).isTrue();
    }

    @Test
    void who_starts_and_stops_it_changes_nothing() throws SQLException {
        JdbcDatabaseContainer<?> till = CLUSTER.container("till");

        till.start();
        till.stop();
        till.close();

        assertThat(CLUSTER.node("till").isRunning()).isTrue();
        try (Connection connection = till.createConnection("");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery("SELECT count(*) FROM item")) {
            assertThat(result.next()).isTrue();
        }
    }

    @Test
    void it_is_found_after_a_restart() throws SQLException {
        JdbcDatabaseContainer<?> office = CLUSTER.container("office");

        CLUSTER.node("office").restart();

        execute(office, "DELETE FROM item WHERE id = 7");
    }

    private static void execute(JdbcDatabaseContainer<?> database, String sql) throws SQLException {
        try (Connection connection = database.createConnection("");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
