package org.pgminicluster.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.pgminicluster.EnvironmentException;
import org.pgminicluster.MiniClusterException;
import org.pgminicluster.fault.Fault;
import org.pgminicluster.junit.RequiresServers;
import org.pgminicluster.junit.RequiresStandbys;
import org.pgminicluster.relay.Slowness;
import org.pgminicluster.server.Address;
import org.pgminicluster.server.ServerKind;
import org.pgminicluster.server.StopMode;
import org.pgminicluster.server.attached.Attached;
import org.pgminicluster.topology.HomeworkTopology;
import org.pgminicluster.topology.Topology;

/** What keeps a topology from servers that run already, and what cannot be done to them: each in a sentence that says what to do. */
@TestInstance(Lifecycle.PER_CLASS)
@RequiresServers(value = ServerKind.PROCESS, because = "each is reached at one address, by the others too")
class AttachRefusedIT {

    private static final Topology HOMEWORK = HomeworkTopology.create();

    private Installed servers;
    private String untouched;

    @BeforeAll
    void start() {
        servers = Installed.start("AttachRefusedIT-servers");
        untouched = servers.traces();
    }

    @AfterAll
    void end() {
        servers.close();
    }

    @AfterEach
    void nothing_was_changed() {
        servers.wipe();
        assertThat(servers.traces()).as("what is on the servers").isEqualTo(untouched);
    }

    private static MiniCluster attach(Topology topology, Map<String, Attached> given) {
        return MiniCluster.of(topology).name("AttachRefusedIT").attach(given);
    }

    private void assertRefused(Map<String, Attached> given, String message) {
        String before = servers.traces();
        assertThatThrownBy(() -> attach(HOMEWORK, given))
                .isInstanceOf(MiniClusterException.class)
                .hasMessage(message);
        assertThat(servers.traces()).isEqualTo(before);
    }

    private Map<String, Attached> with(String node, Attached other) {
        Map<String, Attached> given = servers.attached();
        given.put(node, other);
        return given;
    }

    private Address address(String node) {
        return servers.servers().node(node).address();
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void a_wrong_password_is_said_without_the_password() {
        assertRefused(
                with("vm2", servers.attached("vm2").password("guessed")),
                "expected vm2 at " + address("vm2")
                        + " to let the role postgres in, but was refused (password authentication"
                        + " failed for user \"postgres\"); give its password by Attached.password(...)");
    }

    @Test
    void a_server_that_is_not_there_is_named() throws IOException {
        int port = closedPort();

        assertThatThrownBy(() -> attach(HOMEWORK, with("vm3", Attached.at("127.0.0.1", port))))
                .isInstanceOf(EnvironmentException.class)
                .hasMessage(
                        "expected vm3 at 127.0.0.1:" + port + " to be reachable, but was not (Connection to 127.0.0.1:"
                                + port
                                + " refused); look whether the server runs, listens at that address and is let through to"
                                + " this machine");
    }

    @Test
    void one_server_is_not_taken_for_three() {
        Address one = address("vm1");
        Map<String, Attached> given = new LinkedHashMap<>();
        given.put("vm1", servers.attached("vm1"));
        given.put("vm2", Attached.at("localhost", one.port()).password(servers.password()));
        given.put("vm3", servers.attached("vm1"));

        assertRefused(
                given,
                "expected the nodes to be different servers, but vm1 at " + one + ", vm2 at localhost:" + one.port()
                        + ", vm3 at " + one + " are one and the same; give each node a server of its own");
    }

    @Test
    void every_node_has_its_server_and_no_other_is_given() {
        Map<String, Attached> given = servers.attached();
        given.put("vm4", given.remove("vm2"));

        assertRefused(
                given,
                "expected the servers to be attached to be one for each of [vm1, vm2, vm3], but there is none for vm2, and vm4"
                        + " is no node of the topology; give each node its server by its name");
    }

    @Test
    void a_role_that_may_not_do_it_is_told_what_it_lacks() {
        servers.on("vm3").execute("CREATE ROLE app LOGIN PASSWORD 'app'");
        Map<String, Attached> given =
                with("vm3", servers.attached("vm3").user("app").password("app"));

        assertThatThrownBy(() -> attach(HOMEWORK, given)).hasMessage("""
                        expected the servers to be ready for topology "homework", but 2 things are in the way, and nothing was changed:
                        - expected the role app of vm3 to be one that may look at slots, sessions and settings, but it may not; let a superuser there say GRANT pg_monitor TO app or give another role by Attached.user(...)
                        - expected the role app of vm3 to be one that may see in database postgres where subscriptions lead and how far they are, but it may not; let a superuser there say GRANT SELECT ON pg_subscription, pg_replication_origin_status TO app; GRANT EXECUTE ON FUNCTION pg_show_replication_origin_status() TO app; in that database or give another role by Attached.user(...)""");

        servers.on("vm3").execute("GRANT pg_monitor TO app");
        letSee(servers.on("vm3"));
        letSee(servers.on("vm3", "template1"));
        assertThatThrownBy(() -> attach(HOMEWORK, given))
                .hasMessage("expected the role app of vm3 to be one that may make database rep, but it may not; let a"
                        + " superuser there say ALTER ROLE app CREATEDB or give another role by Attached.user(...)");

        servers.on("vm3").execute("ALTER ROLE app CREATEDB");
        if (servers.servers().version().major() < 16) {
            assertThatThrownBy(() -> attach(HOMEWORK, given))
                    .hasMessage(
                            "expected the role app of vm3 to be one that may make subscriptions, but it may not; let a"
                                    + " superuser there say ALTER ROLE app SUPERUSER, since others cannot before PostgreSQL 16, or give"
                                    + " another role by Attached.user(...)");
        }
        servers.on("vm3").execute("DROP OWNED BY app");
        servers.on("vm3", "template1").execute("DROP OWNED BY app");
    }

    private static void letSee(Node database) {
        database.execute("GRANT SELECT ON pg_subscription, pg_replication_origin_status TO app");
        database.execute("GRANT EXECUTE ON FUNCTION pg_show_replication_origin_status() TO app");
        database.member().disconnect();
    }

    @Test
    void a_publisher_must_log_enough_and_have_room() {
        Node vm1 = servers.on("vm1");
        vm1.execute("ALTER SYSTEM SET wal_level = replica");
        servers.servers().node("vm1").restart();
        assertThatThrownBy(() -> attach(HOMEWORK, servers.attached()))
                .hasMessage(
                        "expected vm1 to have wal_level logical, since it publishes, but was replica; say ALTER SYSTEM SET"
                                + " wal_level = logical there and restart it");

        vm1.execute("ALTER SYSTEM SET wal_level = logical");
        vm1.execute("ALTER SYSTEM SET max_replication_slots = 1");
        servers.servers().node("vm1").restart();
        assertThatThrownBy(() -> attach(HOMEWORK, servers.attached()))
                .hasMessageContaining(
                        "expected vm1 to have 3 replication slots free, one for each subscription that is to be"
                                + " made and one more while they copy, but 0 of 1 are in use; say ALTER SYSTEM SET"
                                + " max_replication_slots = 3 there and restart it");

        vm1.execute("ALTER SYSTEM RESET max_replication_slots");
        servers.servers().node("vm1").restart();
    }

    @Test
    void a_login_rule_that_is_missing_is_said_as_the_line_to_add() {
        replaceHba("vm1", List.of("host all postgres all scram-sha-256"));
        String line = "host rep replicator_vm3 127.0.0.1/32 scram-sha-256";
        assertThatThrownBy(() -> attach(HOMEWORK, servers.attached()))
                .hasMessageContaining(
                        "expected vm1 to let the role replicator_vm3 in from vm3, but its pg_hba.conf does not"
                                + " (could not connect to the publisher: ")
                .hasMessageContaining("; add the line \"" + line + "\" there, then SELECT pg_reload_conf()");

        replaceHba(
                "vm1",
                List.of(
                        "host all postgres all scram-sha-256",
                        line,
                        "host rep replicator_vm2 127.0.0.1/32 scram-sha-256"));
        try (MiniCluster cluster = attach(HOMEWORK, servers.attached())) {
            assertThat(cluster.node("vm3")).subscription("vm3_test_sub").isSynced();
        }
        replaceHba("vm1", List.of("host all all all scram-sha-256"));
    }

    private void replaceHba(String node, List<String> lines) {
        servers.servers().node(node).member().server().replaceHba(lines);
        servers.on(node).query("SELECT pg_reload_conf()");
        String first = lines.get(0).contains("postgres") ? "{postgres}" : "{all}";
        servers.servers()
                .awaitValue(
                        servers.on(node),
                        "SELECT count(*) > 0 FROM pg_hba_file_rules WHERE type = 'host' AND user_name = '" + first
                                + "'",
                        true);
    }

    @Test
    void nodes_reach_each_other_where_it_is_said() throws IOException {
        int port = closedPort();

        assertThatThrownBy(() ->
                        attach(HOMEWORK, with("vm2", servers.attached("vm2").reachedBy("127.0.0.1", port))))
                .hasMessageContaining("expected vm3 to reach vm2 at 127.0.0.1:" + port + ", but does not (")
                .hasMessageContaining(
                        "let vm2 listen there, or say by Attached.reachedBy(host, port) where other nodes reach"
                                + " it");

        try (MiniCluster cluster = attach(
                HOMEWORK,
                with(
                        "vm2",
                        servers.attached("vm2")
                                .reachedBy("localhost", address("vm2").port())))) {
            assertThat(cluster.node("vm3")
                            .query("SELECT subconninfo FROM pg_subscription")
                            .texts())
                    .anyMatch(conninfo -> conninfo.startsWith(
                            "host=localhost port=" + address("vm2").port()));
            cluster.awaitReplicated();
        }
    }

    @Test
    void what_takes_the_whole_server_is_refused_and_what_takes_sql_is_not() {
        try (MiniCluster cluster = attach(HOMEWORK, servers.attached())) {
            Node vm1 = cluster.node("vm1");
            Node vm3 = cluster.node("vm3");
            assertNotOurs("vm1", "it is killed", vm1::kill);
            assertNotOurs("vm1", "it is stopped", () -> vm1.stop(StopMode.FAST));
            assertNotOurs("vm1", "it is paused", vm1::pause);
            assertNotOurs(
                    "vm1",
                    "the fault \"vm1 killed\" is inflicted",
                    () -> cluster.faults().kill(vm1));
            assertNotOurs(
                    "vm1",
                    "the fault \"vm1 stopped, fast\" is inflicted",
                    () -> cluster.faults().stop(vm1, StopMode.FAST));
            assertNotOurs(
                    "vm1",
                    "the fault \"vm1 paused\" is inflicted",
                    () -> cluster.faults().pause(vm1));
            assertNotOurs(
                    "vm1",
                    "the fault \"vm1 isolated\" is inflicted",
                    () -> cluster.faults().isolate(vm1));
            assertNotOurs(
                    "vm1",
                    "the fault \"link vm1 -> vm3 cut\" is inflicted",
                    () -> cluster.faults().cut(vm1, vm3));
            assertNotOurs(
                    "vm1",
                    "the fault \"subscription vm3_test_sub on vm3 stalled\" is inflicted",
                    () -> cluster.faults().stall(vm3, "vm3_test_sub"));
            assertThatThrownBy(
                            () -> cluster.faults().slow(vm3, "vm3_test_sub", Slowness.latency(Duration.ofMillis(10))))
                    .hasMessageContaining("is only attached");
            assertNotOurs("vm3", "it takes over from vm1", () -> cluster.failOver("vm1", "vm3"));
            assertNotOurs("vm1", "it archives WAL", () -> cluster.backups().archive(vm1));
            assertThatThrownBy(vm1::log)
                    .hasMessage("expected the log of vm1 to be one of this cluster's, but it is with the server at "
                            + address("vm1") + ", which is only attached; look at it there");
            assertThat(cluster.faults().open()).isEmpty();

            try (Fault ended = cluster.faults().terminateWalsender(vm3, "vm3_test_sub")) {
                assertThat(ended.description()).contains("walsender");
            }
            cluster.faults().dropSlot(vm1, "vm3_test_sub");
            cluster.reseed(vm3, "vm3_test_sub");
            vm1.execute("INSERT INTO test VALUES (1, 'one')");
            assertThat(cluster).table("test").convergesOn("vm1", "vm2", "vm3");
        }
    }

    private void assertNotOurs(String node, String when, ThrowingCallable act) {
        assertThatThrownBy(act)
                .hasMessage("expected " + node + " to be a server that this cluster has started when " + when
                        + ", but it ran before at " + address(node)
                        + " and is only attached; do it there by hand, or start"
                        + " servers of the topology's own with MiniCluster.start(topology)");
    }

    @Test
    @RequiresStandbys
    void a_standby_is_not_made_and_the_major_is_that_of_the_server() {
        Map<String, Attached> two = new LinkedHashMap<>(servers.attached());
        two.remove("vm3");
        Topology standby = Topology.named("standby")
                .node("vm1", n -> n.schema("CREATE TABLE item (id integer)").postgres("10"))
                .standby("vm2")
                .of("vm1")
                .build();

        assertThatThrownBy(() -> attach(standby, two))
                .hasMessageContaining(
                        "expected vm2 to be a standby of vm1, but was a primary, and a standby is a copy of files,"
                                + " which are not made on servers that are attached; make it there by pg_basebackup"
                                + " --write-recovery-conf from vm1");
    }
}
