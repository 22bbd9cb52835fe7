package org.pgminicluster.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pgminicluster.cluster.MiniCluster;
import org.pgminicluster.cluster.Node;
import org.pgminicluster.topology.Topology;

/** A test that fails says what its cluster looked like, whatever it fails by and whatever state the servers are in. */
class EvidenceIT {

    static final Topology SHOP = Topology.named("shop")
            .schema("CREATE TABLE item (id integer PRIMARY KEY, name text)")
            .node("till", n -> n.publishes("items", "item"))
            .node("copy", n -> n.readOnly("item").subscribes("items_copy", "till", "items"))
            .build();

    @Retention(RetentionPolicy.RUNTIME)
    @MiniClusterTest
    @TopologyFrom("org.pgminicluster.junit.EvidenceIT#SHOP")
    @interface Shop {}

    /** The one failure of the one test in that class. */
    private static Throwable failureOf(Class<?> tests) {
        List<Throwable> failures = Runs.throwables(Runs.with(Map.of(), tests));
        assertThat(failures).hasSize(1);
        return failures.get(0);
    }

    private static String evidenceIn(Throwable failure) {
        List<String> evidence = Arrays.stream(failure.getSuppressed())
                .filter(ClusterEvidence.class::isInstance)
                .map(Throwable::getMessage)
                .toList();
        assertThat(evidence).as("evidence in %s", failure).hasSize(1);
        return evidence.get(0);
    }

    /** Positions, times, pids and ports differ from run to run. */
    private static String masked(String text) {
        return text.replaceAll("\\b[0-9A-F]+/[0-9A-F]+\\b", "LSN");
    }

    @Test
    void a_failing_test_shows_topology_statements_replication_and_logs() throws IOException {
        Throwable failure = failureOf(Failing.class);

        assertThat(failure).hasMessage("this is wrong");
        assertThat(masked(evidenceIn(failure)))
                .matches("(?s)"
                        + String.join(
                                ".*",
                                List.of(
                                        "the cluster when the test failed\n=== topology shop, PostgreSQL \\d+\\.\\d+, servers: \\w+\n"
                                                + "    till  publishes items \\(item\\)\n"
                                                + "    copy  subscribes by items_copy to till items; read-only item\n"
                                                + "=== last statements and programs\n/\\* till # \\*/\n",
                                        "    INSERT INTO item VALUES \\(1, 'tea'\\)\n      OK, 1 row\n"
                                                + "    SELECT \\* FROM item\n"
                                                + "       id \\| name\n      ----\\+------\n        1 \\| tea\n      \\(1 row\\)\n",
                                        "    INSERT INTO item VALUES \\(2, 'milk'\\)\n      ERROR:  Cannot modify table.\n",
                                        "=== cluster shop\n--- till: running",
                                        "  replication slots\n",
                                        "--- copy: running",
                                        "  subscriptions\n",
                                        "items_copy",
                                        "  end of the log\n",
                                        "logical replication apply worker for subscription",
                                        "=== logs and journal: /.*Failing.test")));
        Path directory = Path.of(evidenceIn(failure).replaceFirst("(?s).*=== logs and journal: ", ""));
        assertThat(directory).isDirectoryContaining("glob:**/till.log").isDirectoryContaining("glob:**/copy.log");
        assertThat(directory.resolve("evidence.txt")).content().startsWith("java.lang.AssertionError: this is wrong\n");
        assertThat(Files.readAllLines(directory.resolve("journal.jsonl"))).anyMatch(line -> line.contains("'milk'"));
    }

    @Shop
    static class Failing {
        @Test
        void test(MiniCluster cluster, Node till, Node copy) {
            till.execute("INSERT INTO item VALUES (1, 'tea')");
            till.query("SELECT * FROM item");
            copy.attempt("INSERT INTO item VALUES (2, 'milk')");
            cluster.awaitReplicated();
            fail("this is wrong");
        }
    }

    @Test
    void what_fails_before_or_after_a_test_has_the_evidence_too() {
        assertThat(evidenceIn(failureOf(FailingBefore.class))).contains("=== cluster shop\n--- till: running");
        assertThat(evidenceIn(failureOf(FailingAfter.class))).contains("=== cluster shop\n--- till: running");
    }

    @Shop
    static class FailingBefore {
        @BeforeEach
        void prepare(Node till) {
            till.execute("INSERT INTO nowhere VALUES (1)");
        }

        @Test
        void test() {}
    }

    @Shop
    static class FailingAfter {
        @Test
        void test(Node till) {}

        @AfterEach
        void check() {
            fail("this is wrong");
        }
    }

    @Test
    void a_test_whose_time_is_up_has_the_evidence() {
        Throwable failure = failureOf(TimedOut.class);

        assertThat(failure)
                .isInstanceOf(TimeoutException.class)
                .hasMessage("test(org.pgminicluster.cluster.Node) timed out after 1 second");
        assertThat(evidenceIn(failure)).contains("=== cluster shop\n--- till: running");
        assertThat(failure.getSuppressed())
                .as("what was being waited for")
                .anySatisfy(suppressed -> assertThat(suppressed)
                        .hasMessageStartingWith("interrupted while waiting for \"SELECT count(*) FROM item\" on till to"
                                + " return 1\nlast seen: [0]"));
    }

    @Shop
    static class TimedOut {
        @Test
        @Timeout(1)
        void test(Node till) {
            till.cluster().awaitValue(till, "SELECT count(*) FROM item", 1);
        }
    }

    @Test
    void a_server_that_is_down_does_not_hide_the_others() {
        assertThat(evidenceIn(failureOf(Killed.class)))
                .contains("--- till: not running\n  end of the log\n")
                .contains("--- copy: running")
                .contains("could not connect to the publisher");
    }

    @Shop
    static class Killed {
        @Test
        void test(MiniCluster cluster, Node till, Node copy) {
            var before = copy.log().mark();
            till.kill();
            cluster.awaitLog(copy, before, "could not connect to the publisher");
            fail("this is wrong");
        }
    }

    @Test
    void a_server_that_does_not_answer_does_not_hide_the_others() {
        assertThat(evidenceIn(failureOf(Paused.class)))
                .contains("--- till: running, but did not answer (")
                .contains("--- copy: running");
    }

    @Shop
    static class Paused {
        @Test
        void test(Node till) {
            till.pause();
            fail("this is wrong");
        }

        @AfterEach
        void thaw(Node till) {
            till.resume();
        }
    }

    @Test
    void evidence_that_lacks_a_log_says_so_and_shows_the_rest() {
        Throwable failure = failureOf(Unreadable.class);

        assertThat(failure).hasMessage("this is wrong");
        assertThat(evidenceIn(failure))
                .containsPattern("(?s)--- till: running.*replication slots.*--- copy: running.*  end of the log\n"
                        + "    \\(cannot be read: .*\\)\n");
    }

    @Shop
    static class Unreadable {
        @Test
        void test(Node copy) throws IOException {
            Path log = copy.log().file();
            Files.delete(log);
            Files.createDirectory(log);
            fail("this is wrong");
        }
    }

    @Test
    void a_wait_that_failed_does_not_show_the_cluster_twice() {
        Throwable failure = failureOf(Waiting.class);

        assertThat(failure).hasMessageContaining("=== cluster shop\n--- till: not running");
        assertThat(evidenceIn(failure))
                .contains("=== its state and the end of each log: above")
                .doesNotContain("=== cluster shop");
    }

    @Shop
    static class Waiting {
        @Test
        void test(MiniCluster cluster, Node till) {
            till.kill();
            cluster.awaitConverged("item", "till", "copy");
        }
    }

    @Test
    void an_aborted_test_has_no_evidence() {
        assertThat(Runs.with(Map.of(), Aborted.class).testEvents().aborted().list())
                .singleElement()
                .satisfies(event -> assertThat(event.getPayload().toString()).doesNotContain("=== cluster"));
    }

    @Shop
    static class Aborted {
        @Test
        void test(Node till) {
            Assumptions.abort("not here");
        }
    }
}
