package shop;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.junit.MiniClusterTest;
import org.pgminicluster.junit.Shared;
import org.pgminicluster.junit.TopologyFrom;
import org.pgminicluster.topology.Topology;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** The application writes to one node, and what it has written is read on another. */
@SpringBootTest
@DirtiesContext
@MiniClusterTest
@TopologyFrom("shop")
@Shared
class ShopTest {

    @SpringBootApplication
    static class Shop {}

    private static Node office;

    static Topology shop() {
        return Topology.named("shop")
                .node("office", n -> n.migrates(ShopTest::migrate).publishes("items", "item"))
                .node("till", n -> n.migrates(ShopTest::migrate)
                        .readOnly("item")
                        .subscribes("till_items", "office", "items"))
                .build();
    }

    private static void migrate(DataSource database) {
        Flyway.configure().dataSource(database).load().migrate();
    }

    @BeforeAll
    static void remember(MiniCluster cluster) {
        office = cluster.node("office");
    }

    @DynamicPropertySource
    static void connect(DynamicPropertyRegistry properties) {
        properties.add("spring.datasource.url", () -> office.jdbcUrl());
        properties.add("spring.datasource.username", () -> office.user());
        properties.add("spring.datasource.password", () -> office.password());
    }

    @Test
    void what_the_application_writes_reaches_the_till(@Autowired JdbcTemplate sql, Node till) {
        sql.update("INSERT INTO item (id, price, name) VALUES (1, 9.90, 'tea')");

        till.cluster().awaitReplicated();
        assertThat(till).table("item").hasRows(row(1, "9.90", "tea"));
    }
}
