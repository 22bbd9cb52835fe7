package shop;

import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import org.junit.jupiter.api.Test;
import org.pgminicluster.junit.RequiresServers;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.testcontainers.StartableCluster;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.testcontainers.service.connection.ServiceConnection;
import org.springframework.context.annotation.Bean;
import org.springframework.jdbc.core.JdbcTemplate;
import org.testcontainers.postgresql.PostgreSQLContainer;

/** The cluster is a bean of the context, and the application's database is the container of one of its nodes. */
@SpringBootTest
@RequiresServers(value = ServerKind.CONTAINER, because = "a process is no container")
class ServiceTest {

    @TestConfiguration(proxyBeanMethods = false)
    static class Servers {

        @Bean
        StartableCluster cluster() {
            return new StartableCluster(ShopTest.shop());
        }

        @Bean
        @ServiceConnection
        PostgreSQLContainer office(StartableCluster cluster) {
            cluster.start();
            return cluster.container("office");
        }
    }

    @Test
    void what_the_application_writes_reaches_the_till(
            @Autowired JdbcTemplate sql, @Autowired StartableCluster servers) {
        sql.update("INSERT INTO item (id, price, name) VALUES (1, 9.90, 'tea')");

        servers.cluster().awaitReplicated();
        assertThat(servers.node("till")).table("item").hasRows(row(1, "9.90", "tea"));
    }
}
