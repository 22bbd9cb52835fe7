package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresServers;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.attached.Attached;
import org.pgminicluster.topology.InvalidTopologyException;
import org.pgminicluster.topology.Topology;

/** Servers of two majors that run already; the newer one lets others than superusers subscribe. */
@TestInstance(Lifecycle.PER_CLASS)
@RequiresServers(value = ServerKind.PROCESS, because = "each is reached at one address, by the others too")
@RequiresPostgres(max = 14, because = "a major that knows column lists, and less of a superuser, is beside it")
class AttachMajorsIT {

    private static final String NEWER = System.getProperty("minicluster.upgrade", "17");

    private Installed servers;
    private String untouched;

    @BeforeAll
    void start() {
        servers = Installed.start(
                "AttachMajorsIT-servers",
                Topology.named("old and newer")
                        .node("old", n -> {})
                        .node("newer", n -> n.postgres(NEWER))
                        .build());
        untouched = servers.traces();
    }

    @AfterAll
    void end() {
        servers.close();
    }

    @AfterEach
    void wipe() {
        servers.wipe();
        assertThat(servers.traces()).as("what is on the servers").isEqualTo(untouched);
    }

    /** Without a word of majors: those are the servers'. */
    private static Topology.Builder upwards() {
        return Topology.named("upwards")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("old", old -> old.publishes("items", "item"))
                .node("newer", newer -> newer.readOnly("item").subscribes("items_sub", "old", "items"));
    }

    private static MiniCluster attach(Topology topology, Map<String, Attached> given) {
        return MiniCluster.of(topology).name("AttachMajorsIT").attach(given);
    }

    @Test
    void each_node_has_the_major_that_its_server_reports() {
        try (MiniCluster cluster = attach(upwards().build(), servers.attached())) {
            assertThat(cluster.versions())
                    .isEqualTo(servers.on("old").version() + " on old, "
                            + servers.on("newer").version() + " on newer");
            cluster.node("old").execute("INSERT INTO item VALUES (1, 'one')");
            assertThat(cluster).table("item").convergesOn("old", "newer");
        }
    }

    @Test
    void what_a_server_is_too_old_for_is_refused() {
        Topology listing = Topology.named("listing")
                .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
                .node("old", old -> old.publication("items", items -> items.table("item", List.of("id"))))
                .node("newer", newer -> newer.subscribes("items_sub", "old", "items"))
                .build();

        assertThatThrownBy(() -> attach(listing, servers.attached()))
                .isInstanceOf(InvalidTopologyException.class)
                .hasMessageContaining("a column list, which came with 15");
    }

    @Test
    void a_major_that_the_topology_says_must_be_that_of_the_server() {
        Topology said = Topology.named("said")
                .node("old", old -> old.postgres("18"))
                .node("newer", newer -> {})
                .build();

        assertThatThrownBy(() -> attach(said, servers.attached()))
                .hasMessage("expected old to run PostgreSQL 18, as the topology says, but runs "
                        + servers.on("old").version() + "; leave out its postgres(...) or give another server");
    }

    @Test
    void who_is_no_superuser_may_do_what_the_newer_one_lets_it() {
        Node newer = servers.on("newer");
        newer.execute("CREATE ROLE app LOGIN CREATEDB PASSWORD 'app-of-newer'");
        newer.execute("GRANT pg_monitor, pg_create_subscription TO app");
        for (Node database : List.of(newer, servers.on("newer", "template1"))) {
            database.execute("GRANT SELECT ON pg_subscription, pg_replication_origin_status TO app");
            database.execute("GRANT EXECUTE ON FUNCTION pg_show_replication_origin_status() TO app");
        }
        servers.on("newer", "template1").member().disconnect();
        String before = servers.traces();
        Map<String, Attached> given = servers.attached();
        given.put("newer", servers.attached("newer").user("app").password("app-of-newer"));

        try (MiniCluster cluster = attach(upwards().build(), given)) {
            cluster.node("old").execute("INSERT INTO item VALUES (1, 'one')");
            assertThat(cluster).table("item").convergesOn("old", "newer");
            assertThat(cluster.node("newer")).table("item").hasRows(row(1, "one"));
            assertThat(cluster.node("newer").attempt("DELETE FROM item")).isPresent();
            assertThat(cluster.node("newer").user()).isEqualTo("app");
            assertThat(cluster.snapshot().toString()).contains("items_sub");
        }

        assertThat(servers.traces()).isEqualTo(before);
        newer.execute("DROP OWNED BY app");
        servers.on("newer", "template1").execute("DROP OWNED BY app");
        servers.on("newer", "template1").member().disconnect();
    }
}
