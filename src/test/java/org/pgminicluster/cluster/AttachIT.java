package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.journal.Event;
import org.pgminicluster.junit.RequiresPostgres;
import org.pgminicluster.junit.RequiresServers;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.server.attached.Attached;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/**
 * A topology on three servers that run already, on this machine's loopback address: fresh ones, those on which it stands, and
 * those on which some of it does. Whatever is made is taken back.
 */
@TestInstance(Lifecycle.PER_CLASS)
@RequiresServers(value = ServerKind.PROCESS, because = "each is reached at one address, by the others too")
class AttachIT {

    private static final Topology HOMEWORK = HomeworkTopology.create();

    private Installed servers;
    private String untouched;

    @BeforeAll
    void start() {
        servers = Installed.start("AttachIT-servers");
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

    private static Starter homework(String name) {
        return MiniCluster.of(HOMEWORK).name("AttachIT-" + name);
    }

    private MiniCluster attach(String name) {
        return homework(name).attach(servers.attached());
    }

    @Test
    void fresh_servers_get_all_of_it_and_give_it_back_twice() {
        for (int time = 1; time <= 2; time++) {
            try (MiniCluster cluster = attach("fresh")) {
                Node vm1 = cluster.node("vm1");
                Node vm2 = cluster.node("vm2");
                vm1.execute("INSERT INTO test VALUES (1, 'one')");
                vm2.execute("INSERT INTO test2 VALUES (2, 'two')");

                assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
                assertThat(cluster).table("test2").convergesOn("vm1", "vm2", "vm3");
                assertThat(cluster.node("vm3")).table("test").hasRows(row(1, "one"));
                assertThat(vm2).rejects("INSERT INTO test VALUES (3, 'no')").withMessage("Cannot modify table.");
                assertThat(vm2).rejects("TRUNCATE test").withMessage("Cannot modify table.");
                assertThat(cluster.servers()).isEqualTo(ServerKind.ATTACHED);
                assertThat(cluster.version()).isEqualTo(servers.servers().version());
                assertThat(cluster.snapshot().toString())
                        .contains("vm3_test2_sub", "What vm3 logs is with its server at ");
            }
            assertThat(servers.traces()).as("after time " + time).isEqualTo(untouched);
        }
    }

    @Test
    @RequiresPostgres(min = 11, because = "before, no TRUNCATE was replicated")
    void what_was_set_up_by_hand_is_left_as_it_is() throws IOException {
        new ByHand(servers).all();
        String before = servers.traces();

        try (MiniCluster cluster = attach("by-hand")) {
            assertThat(servers.traces()).isEqualTo(before);
            cluster.node("vm1").execute("INSERT INTO test VALUES (1, 'one')");

            assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
            assertThat(cluster.node("vm3"))
                    .subscription("vm3_test_sub")
                    .isEnabled()
                    .isSynced();
            assertThat(cluster.node("vm3")
                            .query("SELECT subconninfo FROM pg_subscription")
                            .texts())
                    .hasSize(2)
                    .allMatch(conninfo -> conninfo.contains("password=<password-"));
            try (Fault dropped = cluster.faults().dropSlot(cluster.node("vm1"), "vm3_test_sub")) {
                assertThat(dropped.description()).contains("vm3_test_sub");
            }
            cluster.reseed(cluster.node("vm3"), "vm3_test_sub");
            assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
            assertNoPassword(cluster, ByHand.PASSWORD);
        }

        servers.on("vm1", "rep").execute("TRUNCATE test");
        servers.servers().awaitValue(servers.on("vm2", "rep"), "SELECT count(*) FROM test", 0);
        servers.servers().awaitValue(servers.on("vm3", "rep"), "SELECT count(*) FROM test", 0);
        assertThat(servers.traces()).isEqualTo(before);
    }

    private void assertNoPassword(MiniCluster cluster, String password) throws IOException {
        assertThat(cluster.snapshot()
                        + cluster.journal().entries().toString()
                        + cluster.script()
                        + cluster
                        + Files.readString(cluster.directory().resolve("journal.jsonl")))
                .doesNotContain(password)
                .doesNotContain(servers.password());
    }

    @Test
    void what_is_missing_is_made_and_that_alone_is_taken_back() throws IOException {
        new ByHand(servers).half();
        servers.on("vm1", "rep").execute("INSERT INTO test VALUES (1, 'before')");
        String before = servers.traces();

        try (MiniCluster cluster = attach("half")) {
            cluster.node("vm1").execute("INSERT INTO test VALUES (2, 'after')");

            assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
            assertThat(cluster.node("vm3")).table("test").hasRows(row(1, "before"), row(2, "after"));
            for (String guarded : List.of("INSERT INTO test VALUES (3, 'no')", "TRUNCATE test", "DELETE FROM test")) {
                assertThat(cluster.node("vm2").attempt(guarded)).as(guarded).isPresent();
            }
            cluster.node("vm1").execute("DELETE FROM test WHERE id = 2");
            cluster.awaitReplicated();
            for (String password : cluster.runtime().replicationPasswords().values()) {
                assertNoPassword(cluster, password);
            }
        }

        assertThat(servers.traces()).isEqualTo(before);
    }

    @Test
    @RequiresPostgres(min = 11, because = "before, no TRUNCATE was replicated")
    void what_stands_otherwise_is_refused_by_name_and_nothing_is_changed() {
        new ByHand(servers).all();
        servers.on("vm1", "rep").execute("ALTER PUBLICATION test_pub ADD TABLE test2");
        servers.on("vm2", "rep").execute("ALTER TABLE test2 ALTER COLUMN name TYPE varchar(10)");
        servers.on("vm2", "rep").execute("ALTER SUBSCRIPTION test_sub DISABLE");
        servers.on("vm3", "rep")
                .execute("ALTER SUBSCRIPTION vm3_test_sub SET PUBLICATION other WITH (refresh = false)");
        String before = servers.traces();

        assertThatThrownBy(() -> attach("different"))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage("""
                        expected the servers to be ready for topology "homework", but 4 things are in the way, and nothing was changed:
                        - expected publication test_pub in database rep of vm1 to be of public.test: delete, insert, truncate, update, as the topology makes it, but was of public.test, public.test2: delete, insert, truncate, update; change or drop it there, or say in the topology what it is
                        - expected subscription test_sub of vm2 to be enabled, as the topology says, but was disabled; ALTER or DROP SUBSCRIPTION there, or say in the topology what it is
                        - expected subscription vm3_test_sub of vm3 to follow test_pub, as the topology says, but follows other; ALTER or DROP SUBSCRIPTION there, or say in the topology what it is
                        - expected table public.test2 in database rep of vm2 to be (id integer NOT NULL, name text) PRIMARY KEY (id), as the topology makes it, but was (id integer NOT NULL, name character varying(10)) PRIMARY KEY (id); change or drop it there, or say in the topology what it is""");

        assertThat(servers.traces()).isEqualTo(before);
    }

    @Test
    void a_subscription_that_would_copy_into_rows_or_find_its_slot_taken_is_refused() {
        new ByHand(servers).half();
        servers.on("vm2", "rep")
                .execute("SET session_replication_role = replica; INSERT INTO test VALUES (1, 'of its own')");
        servers.on("vm2", "rep").execute("RESET session_replication_role");
        servers.on("vm1", "rep").query("SELECT pg_create_logical_replication_slot('vm3_test_sub', 'pgoutput')");
        String before = servers.traces();

        assertThatThrownBy(() -> attach("taken"))
                .hasMessageContaining(
                        "expected table public.test of vm2 to be empty, since subscription test_sub is not there"
                                + " and will copy all rows into it, but has rows; empty it there, or say copyData(false) in the"
                                + " topology")
                .hasMessageContaining(
                        "expected vm1 to have no slot vm3_test_sub yet, since subscription vm3_test_sub of vm3"
                                + " is not there and will make it, but there is one; see who uses it in pg_replication_slots there,"
                                + " and SELECT pg_drop_replication_slot('vm3_test_sub') if nobody does");

        assertThat(servers.traces()).isEqualTo(before);
    }

    @Test
    void what_is_kept_is_found_by_the_next_one() {
        homework("kept").keep().attach(servers.attached()).close();
        String kept = servers.traces();
        assertThat(kept).contains("vm3_test_sub", "replicator_vm3", "minicluster_guarded");

        try (MiniCluster cluster = attach("found")) {
            assertThat(servers.traces()).isEqualTo(kept);
            cluster.node("vm2").execute("INSERT INTO test2 VALUES (1, 'one')");
            assertThat(cluster).table("test2").convergesOn("vm1", "vm2", "vm3");
        }

        assertThat(servers.traces()).contains("vm3_test_sub", "replicator_vm3", "minicluster_guarded");
    }

    @Test
    void a_failure_half_way_leaves_nothing_behind() {
        new ByHand(servers).half();
        String before = servers.traces();
        Topology broken = HomeworkTopology.create().seeded("vm3", "INSERT INTO nowhere VALUES (1)");

        assertThatThrownBy(() ->
                        MiniCluster.of(broken).name("AttachIT-broken").keep().attach(servers.attached()))
                .hasMessageContaining("relation \"nowhere\" does not exist");

        assertThat(servers.traces()).isEqualTo(before);
    }

    @Test
    void a_failure_at_the_last_subscription_leaves_nothing_behind() {
        Topology lacking = Topology.named("lacking")
                .node(
                        "vm1",
                        n -> n.schema("CREATE TABLE item (id integer PRIMARY KEY); CREATE TABLE more (id integer)")
                                .publishes("items", "item")
                                .publishes("all_of_it", "item", "more"))
                .node(
                        "vm2",
                        n -> n.schema("CREATE TABLE item (id integer PRIMARY KEY)")
                                .subscribes("items_sub", "vm1", "items"))
                .node(
                        "vm3",
                        n -> n.schema("CREATE TABLE item (id integer PRIMARY KEY)")
                                .subscribes("all_sub", "vm1", "all_of_it"))
                .build();

        assertThatThrownBy(
                        () -> MiniCluster.of(lacking).name("AttachIT-lacking").attach(servers.attached()))
                .hasMessageContaining("relation \"public.more\" does not exist");

        assertThat(servers.traces()).isEqualTo(untouched);
    }

    @Test
    void others_log_in_by_the_role_that_is_given() throws IOException {
        servers.on("vm1").execute("CREATE ROLE follower LOGIN REPLICATION PASSWORD 'it''s \\ a secret'");
        servers.on("vm2").execute("CREATE ROLE follower LOGIN REPLICATION PASSWORD 'another secret'");
        String before = servers.traces();
        Map<String, Attached> given = servers.attached();
        given.put("vm1", servers.attached("vm1").replication("follower", "it's \\ a secret"));
        given.put("vm2", servers.attached("vm2").replication("follower", "another secret"));

        try (MiniCluster cluster = homework("given").attach(given)) {
            cluster.node("vm1").execute("INSERT INTO test VALUES (1, 'one')");
            assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
            assertThat(servers.traces()).doesNotContain("replicator_vm3");
            assertNoPassword(cluster, "a secret");
            assertNoPassword(cluster, "another secret");
        }

        assertThat(servers.traces()).isEqualTo(before);
    }

    @Test
    void nobodys_password_is_in_the_servers_logs() {
        servers.each(node -> node.in("postgres").execute("ALTER SYSTEM SET log_statement = 'all'"));
        servers.each(node -> node.in("postgres").query("SELECT pg_reload_conf()"));
        try (MiniCluster cluster = attach("logged")) {
            cluster.awaitReplicated();
            for (Node node : servers.servers().nodes()) {
                String log = node.log().since(new ServerLog.Mark(0));
                assertThat(log).contains("CREATE TRIGGER").contains("set_config('log_statement', 'none'");
                cluster.runtime()
                        .replicationPasswords()
                        .values()
                        .forEach(password -> assertThat(log).doesNotContain(password));
            }
        } finally {
            servers.each(node -> node.in("postgres").execute("ALTER SYSTEM RESET log_statement"));
            servers.each(node -> node.in("postgres").query("SELECT pg_reload_conf()"));
        }
    }

    @Test
    void who_follows_publications_that_stand_may_read_all_of_what_they_publish() {
        Topology everything = Topology.named("everything")
                .schema("CREATE TABLE item (id integer PRIMARY KEY); CREATE TABLE more (id integer PRIMARY KEY)")
                .node("vm1", n -> n.publication("all_pub", all -> all.allTables()))
                .node("vm2", n -> n.subscribes("all_sub", "vm1", "all_pub"))
                .node("vm3", n -> {})
                .build();
        servers.on("vm1").execute("CREATE DATABASE rep");
        Node vm1 = servers.on("vm1", "rep");
        vm1.execute("CREATE TABLE item (id integer PRIMARY KEY); CREATE TABLE more (id integer PRIMARY KEY)");
        vm1.execute("INSERT INTO item VALUES (1); INSERT INTO more VALUES (2)");
        vm1.execute("CREATE PUBLICATION all_pub FOR ALL TABLES");
        String before = servers.traces();

        try (MiniCluster cluster =
                MiniCluster.of(everything).name("AttachIT-everything").attach(servers.attached())) {
            assertThat(cluster.node("vm2")).table("item").hasRows(row(1));
            assertThat(cluster.node("vm2")).table("more").hasRows(row(2));
            // What a test has in its own tables is not taken for a password.
            cluster.node("vm1").execute("CREATE TABLE note (text text); INSERT INTO note VALUES ('password=mine')");
            assertThat(cluster.node("vm1").query("SELECT text FROM note").value())
                    .isEqualTo("password=mine");
            cluster.node("vm1").execute("DROP TABLE note");
        }

        assertThat(servers.traces()).isEqualTo(before);
    }

    @Test
    void what_is_done_is_in_the_journal_and_what_is_compared_with_is_not() {
        new ByHand(servers).half();

        try (MiniCluster cluster = attach("journal")) {
            assertThat(cluster.journal().entries())
                    .filteredOn(entry -> entry.event() instanceof Event.Sql)
                    .extracting(entry -> ((Event.Sql) entry.event()).sql())
                    .anyMatch(sql -> sql.startsWith("CREATE SUBSCRIPTION vm3_test_sub")
                            && sql.contains("password=<password-of-replicator_vm3>"))
                    .noneMatch(sql -> sql.contains("minicluster_scratch") || sql.contains("minicluster_trial"));
        }
    }
}
