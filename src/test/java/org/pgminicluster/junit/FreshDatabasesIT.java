package org.pgminicluster.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.pgminicluster.assertj.MiniClusterAssertions.assertThat;
import static org.pgminicluster.assertj.MiniClusterAssertions.row;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.server.ServerLog;
import org.pgminicluster.session.Session;
import org.pgminicluster.topology.Topology;

/** What tests of one class do to their databases is gone for the next one: seen from outside, by running classes in JUnit. */
@Order(3)
class FreshDatabasesIT {

    /** Two databases a node, a seed, a guard, a sequence. */
    static final Topology SHOP = Topology.named("shop")
            .schema("CREATE TABLE item (id serial PRIMARY KEY, name text);"
                    + " ALTER DATABASE rep SET work_mem = '5MB'; REVOKE TEMPORARY ON DATABASE rep FROM PUBLIC")
            .node(
                    "office",
                    n -> n.seed("INSERT INTO item (name) VALUES ('seed')")
                            .publishes("items", "item")
                            .database(
                                    "books",
                                    d -> d.schema("CREATE TABLE note (id integer PRIMARY KEY)")
                                            .publishes("notes", "note")))
            .node(
                    "till",
                    n -> n.readOnly("item")
                            .subscribes("till_items", "office", "items")
                            .mayFollow("office")
                            .database(
                                    "books",
                                    d -> d.schema("CREATE TABLE note (id integer PRIMARY KEY)")
                                            .subscribes("till_notes", "office", "notes")))
            .build();

    private static void succeeds(Class<?>... tests) {
        assertThat(Runs.throwables(Runs.with(Map.of(), tests))).isEmpty();
    }

    @Test
    void nothing_that_a_test_does_is_seen_by_the_next_one() {
        succeeds(Vandals.class);
    }

    @MiniClusterTest
    @Shared(freshDatabases = true)
    @TopologyFrom("org.pgminicluster.junit.FreshDatabasesIT#SHOP")
    static class Vandals {

        private static final List<Session> OPEN = new ArrayList<>();

        @BeforeEach
        void all_is_as_the_topology_says(MiniCluster cluster, Node office, Node till) {
            assertThat(office.query("SELECT slot_name, active FROM pg_replication_slots ORDER BY 1")
                            .values())
                    .extracting(slot -> slot.text(0) + " " + slot.text(1))
                    .containsExactly("till_items t", "till_notes t");
            assertThat(office).table("item").hasRows(row(1, "seed"));
            assertThat(till).table("item").hasRows(row(1, "seed"));
            assertThat(office.query("SHOW work_mem").value()).isEqualTo("5MB");
            assertThat(office.query("SELECT has_database_privilege('pg_monitor', 'rep', 'TEMPORARY')")
                            .value())
                    .isEqualTo("f");
            assertThat(till).rejects("DELETE FROM item").withMessage("Cannot modify table.");
            assertThat(till.query("SELECT subname FROM pg_subscription ORDER BY 1")
                            .column())
                    .containsExactly("till_items", "till_notes");
            assertThat(till.query("SELECT count(*) FROM pg_replication_origin").number())
                    .isEqualTo(2);
            assertThat(cluster.nodes()).allSatisfy(node -> {
                assertThat(node.query("SELECT datname FROM pg_database WHERE datname LIKE 'extra%'")
                                .column())
                        .isEmpty();
                assertThat(node.query("SELECT rolname FROM pg_roles WHERE rolname = 'reader'")
                                .column())
                        .isEmpty();
                assertThat(node.query("SELECT gid FROM pg_prepared_xacts").column())
                        .isEmpty();
            });
        }

        @RepeatedTest(3)
        void vandalize(MiniCluster cluster, Node office, Node till) {
            office.execute("INSERT INTO item (name) VALUES ('more')");
            office.in("books").execute("INSERT INTO note VALUES (1)");
            cluster.awaitReplicated();
            assertThat(till.in("books")).table("note").hasRows(row(1));
            assertThat(till).table("item").hasRows(row(1, "seed"), row(2, "more"));

            office.execute("ALTER TABLE item ADD price numeric");
            office.execute("CREATE TABLE other (id integer PRIMARY KEY)");
            office.execute("ALTER DATABASE rep SET work_mem = '6MB'");
            office.execute("GRANT ALL ON DATABASE rep TO PUBLIC");
            till.execute("DROP TABLE item");
            till.execute("CREATE TABLE other (id integer PRIMARY KEY)");
            office.execute("CREATE PUBLICATION others FOR TABLE other");
            office.execute("GRANT SELECT ON other TO PUBLIC");
            till.execute(
                    "CREATE SUBSCRIPTION mine CONNECTION '" + till.conninfoTo(office, "mine") + "' PUBLICATION others");
            office.query("SELECT pg_create_logical_replication_slot('a_slot', 'pgoutput')");
            office.query("SELECT pg_create_physical_replication_slot('a_physical_slot', true)");
            till.query("SELECT pg_replication_origin_create('an_origin')");
            office.execute("CREATE DATABASE \"extra 'one\"");
            office.in("extra 'one").query("SELECT pg_create_logical_replication_slot('of_extra', 'pgoutput')");
            office.execute("CREATE ROLE reader LOGIN");
            office.execute("GRANT SELECT ON item TO reader");
            Session open = till.session();
            // What nobody refers to is closed by the driver.
            OPEN.add(open);
            open.execute("BEGIN");
            open.execute("LOCK TABLE pg_subscription");
            office.executeInBackground("SELECT pg_sleep(100)");
        }
    }

    @Test
    void many_tests_in_a_row_leave_nothing() {
        succeeds(Many.class);
    }

    @MiniClusterTest
    @Shared(freshDatabases = true)
    @Homework
    static class Many {

        private static final String LEFT = """
                SELECT (SELECT string_agg(slot_name, ' ' ORDER BY slot_name) FROM pg_replication_slots) AS slots,
                       (SELECT count(*) FROM pg_subscription) AS subscriptions,
                       (SELECT count(*) FROM pg_replication_origin) AS origins,
                       (SELECT count(*) FROM pg_database WHERE datallowconn) AS databases,
                       (SELECT count(*) FROM pg_roles) AS roles,
                       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') <= 3 AS few""";

        private static String first = "";

        @RepeatedTest(20)
        void test(MiniCluster cluster, Node vm1, Node vm3) {
            String seen = cluster.nodes().stream()
                    .map(node -> node.query(LEFT).toString())
                    .toList()
                    .toString();
            if (first.isEmpty()) {
                first = seen;
            }
            assertThat(seen).isEqualTo(first);
            vm1.execute("INSERT INTO test VALUES (1, 'one')");
            cluster.awaitReplicated();
            assertThat(vm3).table("test").hasRows(row(1, "one"));
        }
    }

    @Test
    void a_test_that_fails_has_the_evidence_of_its_own() throws IOException {
        List<Throwable> failures = Runs.throwables(Runs.with(Map.of(), Failing.class));

        assertThat(failures).hasSize(1);
        assertThat(failures.get(0)).hasMessage("this is wrong");
        String evidence = Arrays.stream(failures.get(0).getSuppressed())
                .filter(ClusterEvidence.class::isInstance)
                .map(Throwable::getMessage)
                .findFirst()
                .orElseThrow();
        assertThat(evidence)
                .contains("the cluster when the test failed\n=== topology shop, PostgreSQL ")
                .contains("    SELECT 'of the second test'\n")
                .contains("--- office: running")
                .contains("till_notes")
                .contains("logical replication apply worker for subscription \"till_items\" has started")
                .doesNotContain("first");
        Path directory = Path.of(evidence.replaceFirst("(?s).*=== logs and journal: ", ""));
        assertThat(directory).hasFileName("Failing.second");
        assertThat(Files.readString(directory.resolve("office.log")))
                .contains("canceling statement", "second")
                .doesNotContain("first");
        assertThat(Files.readAllLines(directory.resolve("journal.jsonl")))
                .anyMatch(line -> line.contains("'of the second test'"))
                .noneMatch(line -> line.contains("first"));
        assertThat(Files.readString(directory.resolveSibling("Failing.first").resolve("office.log")))
                .contains("first")
                .doesNotContain("second");
        assertThat(directory.resolveSibling("Failing")).isDirectoryContaining("glob:**/office.log");
    }

    @MiniClusterTest
    @Shared(freshDatabases = true)
    @TopologyFrom("org.pgminicluster.junit.FreshDatabasesIT#SHOP")
    @TestMethodOrder(MethodOrderer.OrderAnnotation.class)
    static class Failing {

        private static final String REFUSED =
                "DO $$ BEGIN RAISE query_canceled USING MESSAGE = 'canceling statement" + " of the %s test'; END $$";

        @Test
        @Order(1)
        void first(Node office) {
            assertThat(office.attempt(REFUSED.formatted("first"))).isPresent();
        }

        @Test
        @Order(2)
        void second(Node office) {
            assertThat(office.log().since(new ServerLog.Mark(0))).doesNotContain("first");
            office.query("SELECT 'of the second test'");
            assertThat(office.attempt(REFUSED.formatted("second"))).isPresent();
            fail("this is wrong");
        }
    }

    @Test
    void what_runs_before_and_after_a_test_has_its_cluster_and_nested_classes_have_the_servers() {
        Around.servers = "";
        succeeds(Around.class);
    }

    @MiniClusterTest
    @Shared(freshDatabases = true)
    @TopologyFrom("org.pgminicluster.junit.FreshDatabasesIT#SHOP")
    static class Around {

        private static String servers = "";

        @BeforeEach
        void before(Node office) {
            office.execute("INSERT INTO item (name) VALUES ('before')");
        }

        private static void sees(Node office) {
            assertThat(office).table("item").hasRows(row(1, "seed"), row(2, "before"));
            if (servers.isEmpty()) {
                servers = office.address().toString();
            }
            assertThat(office.address()).hasToString(servers);
        }

        @Test
        void one(Node office) {
            sees(office);
        }

        @Nested
        class Inner {
            @Test
            void two(Node office) {
                sees(office);
            }
        }

        @Nested
        @Shared
        class OneForAll {
            @Test
            void three(Node office) {
                assertThat(office.address()).doesNotHaveToString(servers);
            }
        }

        @AfterEach
        void after(Node office) {
            assertThat(office).table("item").hasRows(row(1, "seed"), row(2, "before"));
        }
    }

    @Test
    void a_test_has_its_cluster_before_the_copy_if_it_says_so() {
        succeeds(Early.class);
    }

    @MiniClusterTest
    @Shared(freshDatabases = true)
    @TopologyFrom("shop")
    static class Early {

        /** What is copied does not fit. */
        static Topology shop() {
            return Topology.named("shop")
                    .schema("CREATE TABLE item (id integer PRIMARY KEY)")
                    .node("office", n -> n.seed("INSERT INTO item VALUES (1)").publishes("items", "item"))
                    .node("till", n -> n.seed("INSERT INTO item VALUES (1)").subscribes("items", "office", "items"))
                    .build();
        }

        @RepeatedTest(2)
        @Unsynced
        void test(MiniCluster cluster, Node till) {
            till.execute("DELETE FROM item");
            cluster.awaitSynced();
            assertThat(till).table("item").hasRows(row(1));
        }
    }

    @Test
    void tests_that_run_at_once_are_told_to_run_one_after_the_other() {
        List<String> failures = Runs.failures(Runs.with(
                Map.of(
                        "junit.jupiter.execution.parallel.enabled", "true",
                        "junit.jupiter.execution.parallel.mode.default", "concurrent",
                        "junit.jupiter.execution.parallel.config.strategy", "fixed",
                        "junit.jupiter.execution.parallel.config.fixed.parallelism", "2"),
                AtOnce.class));

        assertThat(failures)
                .singleElement()
                .asString()
                .matches("the cluster did not start: expected the servers of shop to be free when they are lent to"
                        + " AtOnce\\.\\w+, but AtOnce\\.\\w+ has them; close that first, and let nothing run in parallel"
                        + " that shares them");
    }

    @MiniClusterTest
    @Shared(freshDatabases = true)
    @TopologyFrom("org.pgminicluster.junit.FreshDatabasesIT#SHOP")
    static class AtOnce {

        private static final CountDownLatch ONE_HAS_ENDED = new CountDownLatch(1);

        @AfterEach
        void ended() {
            ONE_HAS_ENDED.countDown();
        }

        @Test
        void one(Node office) throws InterruptedException {
            assertThat(ONE_HAS_ENDED.await(60, TimeUnit.SECONDS)).isTrue();
        }

        @Test
        void two(Node office) throws InterruptedException {
            assertThat(ONE_HAS_ENDED.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }
}
